import { z, type ZodType } from 'zod';
import type { ModelField, ModelFields, Models } from './field.ts';
import { readerOf } from './rows.ts';
import type { FullRow, FullRowField, ModelName } from './types.ts';

/** Names of all generated fields of a model but the binary ones, to read whole rows with. Binary fields are files: they are read when they are asked for by name. */
export function fullRowFields<const M extends Models, N extends ModelName<M>>(models: M, model: N): readonly FullRowField<M, N>[] {
  const fields: ModelFields = models[model] ?? {};
  const names = Object.entries(fields).flatMap(([name, field]) => (field.type === 'binary' ? [] : [name]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same rule as in the type: all names but those of binary fields
  return names as FullRowField<M, N>[];
}

/** Parses a whole row as Odoo sends it (`search_read` with `load: ''`) into our form; see {@link FullRow}. What else the row has is left out. */
export function fullRowSchema<const M extends Models, N extends ModelName<M>>(models: M, model: N): ZodType<FullRow<M, N>> {
  const fields: ModelFields = models[model] ?? {};
  const shape = fullRowFields(models, model).map((name) => [name, valueSchema(fields[name] ?? { type: 'json' })] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type is computed from the very fields that the schema is built from
  return z.object({ id: z.int(), ...Object.fromEntries(shape) }) as unknown as ZodType<FullRow<M, N>>;
}

/** Schemas of values by what they depend on: a schema costs more to make than to use. */
const schemas = new Map<string, ZodType>();

function valueSchema(field: ModelField): ZodType {
  const key = `${field.type} ${field.required === true}`;
  const known = schemas.get(key);
  if (known !== undefined) return known;
  const read = readerOf(field);
  const schema = z.unknown().transform((given, context) => {
    const value = read(given);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `is no ${field.type}` });
    return z.NEVER;
  });
  schemas.set(key, schema);
  return schema;
}
