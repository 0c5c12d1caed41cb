import { readFileSync } from 'node:fs';
import { z } from 'zod';

// Enough of OpenAPI 3.0 to hold requests and answers against eBay's own specification.

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const content = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaSchema.optional() })).optional() });
const operationSchema = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() })).default([]),
  requestBody: content.optional(),
  responses: z.record(
    z.string(),
    content.extend({ 'x-response-codes': z.looseObject({ errors: z.record(z.string(), z.unknown()).optional() }).optional() }),
  ),
});
type Operation = z.infer<typeof operationSchema>;

const specificationSchema = z.looseObject({
  servers: z.array(z.looseObject({ variables: z.looseObject({ basePath: z.looseObject({ default: z.string() }) }) })),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema) }),
});
export type Specification = z.infer<typeof specificationSchema>;

const read = new Map<string, Specification>();

export function readSpecification(file: URL): Specification {
  const found = read.get(file.href) ?? specificationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  read.set(file.href, found);
  return found;
}

/** The operation that serves this method and path, where the specification has it. */
export function operationOf(specification: Specification, method: string, path: string): Operation | null {
  const base = specification.servers[0]?.variables.basePath.default ?? '';
  if (!path.startsWith(`${base}/`)) return null;
  const rest = path.slice(base.length);
  const fitting = Object.entries(specification.paths)
    .filter(([template]) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(rest))
    .toSorted(([left], [right]) => left.split('{').length - right.split('{').length);
  const found = fitting[0]?.[1][method.toLowerCase()];
  return found === undefined ? null : operationSchema.parse(found);
}

export function requestSchemaOf(operation: Operation): SpecSchema | null {
  return operation.requestBody?.content?.['application/json']?.schema ?? null;
}

export function answerSchemaOf(operation: Operation, status: number): SpecSchema | null {
  return operation.responses[String(status)]?.content?.['application/json']?.schema ?? null;
}

/** Everything in a value that a schema does not have, or has otherwise. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, at = ''): string[] {
  const real = resolved(specification, schema);
  if (Array.isArray(value)) {
    if (real.type !== 'array') return [`${at} is a list, not ${real.type}`];
    return value.flatMap((one, nth) => misfits(specification, real.items ?? {}, one, `${at}[${nth}]`));
  }
  if (typeof value === 'object' && value !== null) {
    const { properties } = real;
    if (properties === undefined) return real.type === 'object' || real.type === undefined ? [] : [`${at} is an object, not ${real.type}`];
    const missing = (real.required ?? []).filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name} is missing`);
    return [
      ...missing,
      ...Object.entries(value).flatMap(([name, one]) => {
        const property = properties[name];
        return property === undefined
          ? [`${at}.${name} is not in the specification`]
          : misfits(specification, property, one, `${at}.${name}`);
      }),
    ];
  }
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[real.type ?? ''];
  return typeof value === wanted ? [] : [`${at} is ${typeof value}, not ${real.type}`];
}

/** An instance with every property that a schema has, each list with one item. Rings end after a few turns. */
export function fullExample(specification: Specification, schema: SpecSchema, depth = 0): unknown {
  const real = resolved(specification, schema);
  if (depth > 12) return null;
  if (real.properties !== undefined)
    return Object.fromEntries(Object.entries(real.properties).map(([name, one]) => [name, example(specification, name, one, depth)]));
  if (real.type === 'array') return [fullExample(specification, real.items ?? {}, depth + 1)];
  return { string: 'TEXT', integer: 7, number: 7, boolean: true }[real.type ?? ''] ?? {};
}

/** Dates and amounts have a form that the schemas do not tell. */
function example(specification: Specification, name: string, schema: SpecSchema, depth: number): unknown {
  if (resolved(specification, schema).type !== 'string') return fullExample(specification, schema, depth + 1);
  if (/date$/i.test(name)) return '2026-11-21T09:00:00.000Z';
  if (name === 'value' || name === 'convertedFromValue') return '12.9';
  if (name === 'currency') return 'EUR';
  if (name === 'convertedFromCurrency') return 'GBP';
  return fullExample(specification, schema, depth + 1);
}

function resolved(specification: Specification, schema: SpecSchema): SpecSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (specification.components.schemas[name] ?? {});
}
