import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

// Shippo publishes its models as pages with tables of fields. They are read from a folder outside this repository; names are compared without underscores and capitals, because the pages write
// `labelFileType` where the wire has `label_file_type`.

const specs = new URL('../../../../../../shared/specs/shippo/sdk-docs-components/', import.meta.url);
export const isSpecificationAbsent = !existsSync(specs);

type Field = { readonly name: string; readonly type: string; readonly isRequired: boolean };

function pageOf(model: string): string | null {
  const file = new URL(`${model.toLowerCase()}.md`, specs);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** The values of an enumeration. Empty where the model is none. */
export function valuesOf(model: string): string[] {
  const [, values] = (pageOf(model) ?? '').split('## Values');
  return [...(values ?? '').matchAll(/"([^"]+)"/g)].map(([, value]) => value ?? '');
}

/** The example of a model, as it goes over the wire. */
export function exampleOf(model: string): unknown {
  const literal = /let value: \w+ = (\{[\s\S]*?\n\});/.exec(pageOf(model) ?? '')?.[1];
  if (literal === undefined) throw new RangeError(`no example of ${model}`);
  const json = literal
    .replaceAll(/^(\s*)(\w+):/gm, (_all, space: string, key: string) => `${space}"${wireName(key)}":`)
    .replaceAll(/new Date\(("[^"]*")\)/g, '$1')
    .replaceAll(/,(\s*[}\]])/g, '$1');
  return z.unknown().parse(JSON.parse(json));
}

/** Everything in a value that a model does not have or has otherwise. `strict`: fields that the model does not name are misfits. */
export function misfits(model: string, value: unknown, { strict }: { readonly strict: boolean }, at = model): string[] {
  const page = pageOf(model);
  // A type of the language, or a model that says nothing about its fields.
  if (page === null || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => misfits(model, each, { strict }, `${at}[]`));
  const values = valuesOf(model);
  if (values.length > 0) return typeof value === 'string' && values.includes(value) ? [] : [`${at} is none of ${model}`];
  const choices = [...page.matchAll(/^### `components\.(\w+)`/gm)].map(([, choice]) => choice ?? '');
  if (typeof value !== 'object') return choices.length > 0 || fieldsOf(page).length === 0 ? [] : [`${at} is no ${model}`];
  if (choices.length > 0) {
    const tried = choices.map((choice) => misfits(choice, value, { strict }, at));
    return tried.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
  const fields = new Map(fieldsOf(page).map((field) => [plain(field.name), field]));
  const given = new Map(Object.entries(value).map(([name, inner]) => [plain(name), { name, inner: z.unknown().parse(inner) }]));
  return [
    ...[...fields].flatMap(([name, { isRequired }]) => (isRequired && !given.has(name) ? [`${at}.${name} is missing`] : [])),
    ...[...given].flatMap(([key, { name, inner }]) => {
      const field = fields.get(key);
      if (field === undefined) return strict ? [`${at}.${name} is no field of ${model}`] : [];
      return misfits(field.type, inner, { strict }, `${at}.${name}`);
    }),
  ];
}

function fieldsOf(page: string): Field[] {
  const [, table = ''] = page.split('## Fields');
  return table.split('\n').flatMap((line): Field[] => {
    const [, name = '', type = '', required = ''] = line.split('|').map((cell) => cell.trim());
    const field = /^`(\w+)`$/.exec(name)?.[1];
    return field === undefined
      ? []
      : [{ name: field, type: /(\w+)[\]*]/.exec(type.replace('components.', ''))?.[1] ?? '', isRequired: required.includes('check') }];
  });
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function wireName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
