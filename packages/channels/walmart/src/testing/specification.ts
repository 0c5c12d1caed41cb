import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readOutline } from './outline.ts';

// Enough of OpenAPI 3.0, whose schemas Walmart writes out in place, to hold requests and answers against Walmart's own specification.

const schemaSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const mediaSchema = z.looseObject({
  schema: schemaSchema.optional(),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
});
const content = z.looseObject({ content: z.record(z.string(), mediaSchema).optional() });
const operationSchema = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  requestBody: content.optional(),
  responses: z.record(z.string(), content),
});
export type Operation = z.infer<typeof operationSchema>;

const specificationSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type Specification = z.infer<typeof specificationSchema>;

const read = new Map<string, Specification>();

export function readSpecification(file: URL): Specification {
  const found = read.get(file.href) ?? specificationSchema.parse(readOutline(readFileSync(file, 'utf8')));
  read.set(file.href, found);
  return found;
}

/** The operation that serves this method and path, where the specification has it; a path without a variable goes first. */
export function operationOf(specification: Specification, method: string, path: string): Operation | null {
  const fitting = Object.entries(specification.paths)
    .filter(([template]) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
    .toSorted(([left], [right]) => left.split('{').length - right.split('{').length);
  const found = fitting[0]?.[1][method.toLowerCase()];
  return found === undefined ? null : operationSchema.parse(found);
}

/** Examples that an operation gives of its good answer. */
export function answerExamplesOf(operation: Operation): readonly unknown[] {
  const media = operation.responses['200']?.content?.['application/json'];
  return [media?.example, ...Object.values(media?.examples ?? {}).map(({ value }) => value)].filter((one) => one !== undefined);
}

/** Everything in a value that a schema does not have, or has otherwise. */
export function misfits(schema: SpecSchema, value: unknown, at: string): string[] {
  if (Array.isArray(value)) {
    if (schema.type !== 'array') return [`${at} is a list, not ${schema.type}`];
    return value.flatMap((one) => misfits(schema.items ?? {}, one, `${at}[]`));
  }
  if (typeof value === 'object' && value !== null) {
    const { properties } = schema;
    if (properties === undefined)
      return schema.type === 'object' || schema.type === undefined ? [] : [`${at} is an object, not ${schema.type}`];
    const missing = (schema.required ?? []).filter((one) => !Object.hasOwn(value, one)).map((one) => `${at}.${one} is missing`);
    return [
      ...missing,
      ...Object.entries(value).flatMap(([one, inner]) => {
        const property = properties[one];
        return property === undefined ? [`${at}.${one} is not there`] : misfits(property, inner, `${at}.${one}`);
      }),
    ];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at} is ${String(value)}, which is none of its words`];
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[schema.type ?? ''];
  return typeof value === wanted ? [] : [`${at} is ${typeof value}, not ${schema.type}`];
}
