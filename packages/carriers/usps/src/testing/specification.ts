import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseYaml } from './yaml.ts';

// Enough of OpenAPI 3.0 to hold requests and answers against USPS's own specifications.

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  maxLength: z.number().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  nullable: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  get allOf() {
    return z.array(schemaSchema).optional();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const contentSchema = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaSchema.optional() })).optional() });
const parameterSchema = z.looseObject({ name: z.string().optional(), in: z.string().optional(), $ref: z.string().optional() });
const operationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z.array(parameterSchema).default([]),
  requestBody: contentSchema.optional(),
  responses: z.record(z.string(), contentSchema),
});
export type Operation = z.infer<typeof operationSchema>;

const specificationSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({
    schemas: z.record(z.string(), schemaSchema),
    parameters: z.record(z.string(), parameterSchema).default({}),
    examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
  }),
});
export type Specification = z.infer<typeof specificationSchema>;

export function readSpecification(file: URL): Specification {
  return specificationSchema.parse(parseYaml(readFileSync(file, 'utf8')));
}

/** The operation that serves this method and path, where the specification has it; fixed paths go before those with parameters. */
export function operationOf(specification: Specification, method: string, path: string): Operation | null {
  const fitting = Object.entries(specification.paths)
    .filter(([template]) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
    .toSorted(([left], [right]) => left.split('{').length - right.split('{').length);
  const found = fitting.map(([, operations]) => operations[method.toLowerCase()]).find((operation) => operation !== undefined);
  return found === undefined ? null : operationSchema.parse(found);
}

/** Names of an operation's parameters of a place, such as `query`. */
export function parametersOf(specification: Specification, operation: Operation, place: string): string[] {
  return operation.parameters
    .map((parameter) => specification.components.parameters[parameter.$ref?.split('/').at(-1) ?? ''] ?? parameter)
    .flatMap((parameter) => (parameter.in === place && parameter.name !== undefined ? [parameter.name] : []));
}

/** Which way a value goes: what is read-only is not asked of requests, and nulls are no matter in answers. */
export type Way = 'request' | 'answer';

/** Everything in a value that a schema does not have, or has otherwise. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, way: Way, at: string): string[] {
  const real = flattened(specification, schema);
  if (value === null) return way === 'answer' || real.nullable === true ? [] : [`${at} is null`];
  if (real.oneOf !== undefined) {
    const { oneOf, ...rest } = real;
    const tries = oneOf.map((one) => misfits(specification, { allOf: [one, rest] }, value, way, at));
    return tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
  if (Array.isArray(value)) {
    if (real.type !== 'array') return [`${at} is a list, not ${real.type}`];
    if (value.length < (real.minItems ?? 0) || value.length > (real.maxItems ?? Infinity)) return [`${at} has ${value.length} items`];
    return value.flatMap((one) => misfits(specification, real.items ?? {}, one, way, `${at}[]`));
  }
  if (typeof value === 'object') return misfitsOfObject(specification, real, Object.entries(value ?? {}), way, at);
  return misfitOfScalar(real, value, at);
}

function misfitsOfObject(
  specification: Specification,
  real: SpecSchema,
  entries: readonly [string, unknown][],
  way: Way,
  at: string,
): string[] {
  const { properties } = real;
  if (properties === undefined) return real.type === 'object' || real.type === undefined ? [] : [`${at} is an object, not ${real.type}`];
  const names = new Set(entries.map(([name]) => name));
  const isAsked = (name: string) => way === 'answer' || flattened(specification, properties[name] ?? {}).readOnly !== true;
  const missing = (real.required ?? []).filter((name) => !names.has(name) && isAsked(name)).map((name) => `${at}.${name} is missing`);
  return [
    ...missing,
    ...entries.flatMap(([name, one]) => {
      const property = properties[name];
      return property === undefined
        ? [`${at}.${name} is not in the specification`]
        : misfits(specification, property, one, way, `${at}.${name}`);
    }),
  ];
}

function misfitOfScalar(real: SpecSchema, value: unknown, at: string): string[] {
  if (real.enum !== undefined && !real.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}, no word of the specification`];
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[real.type ?? ''] ?? typeof value;
  if (typeof value !== wanted) return [`${at} is ${typeof value}, not ${real.type}`];
  if (typeof value === 'number')
    return value < (real.minimum ?? -Infinity) || value > (real.maximum ?? Infinity) ? [`${at} is out of bounds`] : [];
  if (typeof value !== 'string') return [];
  if (real.pattern !== undefined && !new RegExp(real.pattern).test(value)) return [`${at} does not fit ${real.pattern}`];
  return value.length < (real.minLength ?? 0) || value.length > (real.maxLength ?? Infinity)
    ? [`${at} has ${value.length} characters`]
    : [];
}

/** One schema of all that it is made of. */
function flattened(specification: Specification, schema: SpecSchema): SpecSchema {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return flattened(specification, specification.components.schemas[name] ?? {});
  const { allOf, ...own } = schema;
  if (allOf === undefined) return own;
  return [...allOf.map((one) => flattened(specification, one)), own].reduce<SpecSchema>(
    (all, one) => ({
      ...all,
      ...one,
      ...(all.properties === undefined && one.properties === undefined ? {} : { properties: { ...all.properties, ...one.properties } }),
      ...(all.required === undefined && one.required === undefined ? {} : { required: [...(all.required ?? []), ...(one.required ?? [])] }),
    }),
    {},
  );
}
