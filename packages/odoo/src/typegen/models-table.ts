import type { LabelledField, Schema } from './read-schema.ts';
import { wordsOfVersions } from './words-of-versions.ts';

/** The page of models and versions, in Markdown: each model, which versions have it, the fields in which they differ, and our word for those. The same locks give the same page. */
export function modelsTable(schemas: readonly Schema[]): string {
  const models = [...new Set(schemas.flatMap((schema) => Object.keys(schema.models)))].sort();
  return [
    '# Models and versions',
    '',
    `What \`@quartermaster/odoo\` ships types for, generated from the locks of Odoo ${schemas.map(({ version }) => version).join(', ')}. A test keeps this page as they say.`,
    '`everyVersion` has the fields that all versions have alike. Where they differ, `session.vocabulary` has one word for them; the last column names it.',
    '',
    '| model | versions | fields | fields that differ | our word |',
    '|---|---|---|---|---|',
    ...models.map((model) => row(model, schemas)),
    '',
    'A field with versions behind it is in these alone. `type` marks a field that all of them have, but not of the same type or leading to the same model.',
    '',
  ].join('\n');
}

function row(model: string, schemas: readonly Schema[]): string {
  const having = schemas.filter((schema) => schema.models[model] !== undefined);
  const names = [...new Set(having.flatMap((schema) => Object.keys(schema.models[model] ?? {})))].sort();
  const differing = names.flatMap((name) => differenceOf(name, model, having));
  const words = [...new Set(names.flatMap((name) => wordsOfVersions[`${model}.${name}`] ?? []))];
  const ofModel = wordsOfVersions[model];
  const cells = [
    `\`${model}\``,
    having.map(({ version }) => version).join(', '),
    String(names.length),
    differing.join(', '),
    [...(ofModel === undefined ? [] : [ofModel]), ...words].map((word) => `\`${word}\``).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function differenceOf(name: string, model: string, having: readonly Schema[]): string[] {
  const fields = having.map((schema): [number, LabelledField | undefined] => [schema.version, schema.models[model]?.[name]]);
  const there = fields.filter(([, field]) => field !== undefined);
  if (there.length < fields.length) return [`\`${name}\` ${there.map(([version]) => version).join(' ')}`];
  const shapes = new Set(there.map(([, field]) => `${field?.type} ${field?.relation}`));
  return shapes.size > 1 ? [`\`${name}\` type`] : [];
}
