import { readFileSync } from 'node:fs';
import { z } from 'zod';

// Enough of OpenAPI 3.0 to hold requests and answers against Mirakl's own specification.

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
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

const contentSchema = z.looseObject({
  content: z
    .record(
      z.string(),
      z.looseObject({ schema: schemaSchema.optional(), examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional() }),
    )
    .optional(),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  description: z.string().default(''),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  requestBody: contentSchema.optional(),
  responses: z.record(z.string(), contentSchema),
});
export type Operation = z.infer<typeof operationSchema>;

const specificationSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema) }),
});
export type Specification = z.infer<typeof specificationSchema>;

export function readSpecification(file: URL): Specification {
  return specificationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The operation that serves this method and path, where the specification has it; fixed paths go before those with parameters. */
export function operationOf(specification: Specification, method: string, path: string): Operation | null {
  const fitting = Object.entries(specification.paths)
    .filter(([template]) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
    .toSorted(([left], [right]) => left.split('{').length - right.split('{').length);
  for (const [, operations] of fitting) {
    const found = operations[method.toLowerCase()];
    if (found !== undefined) return operationSchema.parse(found);
  }
  return null;
}

/** Names of the parameters of a query; those of paging, sorting and language are told in words. */
export function parametersOf({ description, parameters }: Operation): ReadonlySet<string> {
  return new Set([
    ...parameters.filter((one) => one.in === 'query').map(({ name }) => name),
    ...(description.includes('supports offset pagination') ? ['max', 'offset', 'sort', 'order'] : []),
    ...(description.includes('supports seek pagination') ? ['limit', 'page_token', 'sort', 'order'] : []),
    ...(description.includes('<code>locale</code>') ? ['locale'] : []),
  ]);
}

export function examplesOf(operation: Operation, status: string): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(operation.responses[status]?.content?.['application/json']?.examples ?? {}).map(([name, { value }]) => [
    name,
    value,
  ]);
}

/** Everything in a value that a schema does not have, or has otherwise. The specification does not say what may be null, and its examples have nulls everywhere. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, at = ''): string[] {
  const real = resolved(specification, schema);
  if (value === null) return [];
  if (Array.isArray(value)) {
    if (real.type !== 'array') return [`${at} is a list, not ${real.type}`];
    return value.flatMap((one) => misfits(specification, real.items ?? {}, one, `${at}[]`));
  }
  if (typeof value === 'object') {
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
  if (real.enum !== undefined && !real.enum.includes(value))
    return [`${at} is ${JSON.stringify(value)}, which is no word of the specification`];
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', object: typeof value }[real.type ?? 'object'];
  return typeof value === wanted ? [] : [`${at} is ${typeof value}, not ${real.type}`];
}

function resolved(specification: Specification, schema: SpecSchema): SpecSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (specification.components.schemas[name] ?? {});
}
