import { commonSchema } from './all-versions-schema.ts';
import type { Schema } from './read-schema.ts';
import { sourceOf } from './source.ts';

/** The files of `models/curated` by name, from the locks of the versions. They name no rows, because the versions would have the same names: `FullRow<typeof odoo19, 'sale.order'>` does. */
export function curatedSources(schemas: readonly [Schema, ...Schema[]]): Readonly<Record<string, string>> {
  const source = (schema: Schema, constant: string, from: string) =>
    [`${fileOf(constant)}.ts`, sourceOf(schema, { constant, importFrom: '../field.ts', rows: false, from })] as const;
  const versions = schemas.map((schema) => source(schema, `odoo${schema.version}`, `Odoo ${schema.version}`));
  return Object.fromEntries([...versions, source(commonSchema(schemas), 'everyVersion', 'what these versions have alike')]);
}

function fileOf(constant: string): string {
  return constant.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
