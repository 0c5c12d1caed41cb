import type { LabelledField, Schema } from './read-schema.ts';

/**
 * What several versions have alike: models and fields that all of them have with the same type, with the selection values of all. What is typed by it works with each of them. The modules are left out: they differ.
 */
export function commonSchema(schemas: readonly [Schema, ...Schema[]]): Schema {
  const [first, ...others] = schemas;
  const models = Object.entries(first.models).flatMap(([model, fields]) => {
    const alike = Object.entries(fields).flatMap(([name, field]) => {
      const everywhere = [field, ...others.map((schema) => schema.models[model]?.[name])];
      const common = commonField(everywhere);
      return common === null ? [] : [[name, common] as const];
    });
    const isEverywhere = others.every((schema) => schema.models[model] !== undefined);
    return isEverywhere ? [[model, Object.fromEntries(alike)] as const] : [];
  });
  return { version: first.version, models: Object.fromEntries(models) };
}

function commonField(fields: readonly (LabelledField | undefined)[]): LabelledField | null {
  const there = fields.filter((field) => field !== undefined);
  const [first] = there;
  if (first === undefined || there.length < fields.length) return null;
  if (there.some((field) => field.type !== first.type || field.relation !== first.relation)) return null;
  const { required: _required, stored: _stored, values: _values, modules: _modules, ...same } = first;
  const values = [...new Set(there.flatMap((field) => field.values ?? []))];
  return {
    ...same,
    ...(there.every((field) => field.required === true) ? { required: true } : {}),
    ...(there.some((field) => field.stored === false) ? { stored: false } : {}),
    ...(first.values === undefined ? {} : { values }),
  };
}
