import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseYaml } from './yaml.ts';

// Enough of OpenAPI 3.0 to hold requests and answers against DHL's own specification.

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  maxLength: z.number().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
  multipleOf: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const contentSchema = z.looseObject({
  content: z
    .record(
      z.string(),
      z.looseObject({
        schema: schemaSchema.optional(),
        examples: z.record(z.string(), z.looseObject({ $ref: z.string().optional(), value: z.unknown().optional() })).optional(),
      }),
    )
    .optional(),
});
const parameterSchema = z.looseObject({
  $ref: z.string().optional(),
  name: z.string().optional(),
  in: z.string().optional(),
  required: z.boolean().optional(),
  schema: schemaSchema.optional(),
});
export type Parameter = z.infer<typeof parameterSchema>;
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
    parameters: z.record(z.string(), parameterSchema),
    examples: z.record(z.string(), z.looseObject({ value: z.unknown() })),
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
  for (const [, operations] of fitting) {
    const found = operations[method.toLowerCase()];
    if (found !== undefined) return operationSchema.parse(found);
  }
  return null;
}

/** What is wrong with the query and the headers (names in lower case) of a call. */
export function misfitsOfCall(
  specification: Specification,
  operation: Operation,
  given: { readonly query: URLSearchParams; readonly headers: Readonly<Record<string, string>> },
): string[] {
  const { operationId } = operation;
  const known = operation.parameters.map((one) => specification.components.parameters[nameOf(one.$ref)] ?? one);
  const queries = known.filter((one) => one.in === 'query');
  const strange = [...given.query.keys()].filter((name) => !queries.some((one) => one.name === name));
  const wrong = queries.flatMap(({ name = '', required, schema = {} }) => {
    const value = given.query.get(name);
    if (value === null) return required === true ? [`${operationId}?${name} is missing`] : [];
    return misfits(specification, schema, schema.type === 'boolean' ? value === 'true' : value, `${operationId}?${name}`);
  });
  const headers = known
    .filter((one) => one.in === 'header')
    .flatMap(({ name = '', required, schema = {} }) => {
      const value = given.headers[name.toLowerCase()];
      if (value === undefined) return required === true ? [`${operationId} has no ${name}`] : [];
      return misfits(specification, schema, value, `${operationId} ${name}`);
    });
  return [...strange.map((name) => `${operationId}?${name} is not in the specification`), ...wrong, ...headers];
}

/** Values of all examples of an answer's status. */
export function examplesOf(specification: Specification, operation: Operation, status: string): readonly unknown[] {
  const examples = Object.values(operation.responses[status]?.content?.['application/json']?.examples ?? {});
  return examples.map(({ $ref, value }) => ($ref === undefined ? value : specification.components.examples[nameOf($ref)]?.value));
}

/** Everything in a value that a schema does not have, or has otherwise. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, at: string): string[] {
  const real = schema.$ref === undefined ? schema : (specification.components.schemas[nameOf(schema.$ref)] ?? {});
  if (Array.isArray(value)) {
    if (real.type !== 'array') return [`${at} is a list, not ${real.type}`];
    if (value.length < (real.minItems ?? 0) || value.length > (real.maxItems ?? Infinity)) return [`${at} has ${value.length} items`];
    return value.flatMap((one) => misfits(specification, real.items ?? {}, one, `${at}[]`));
  }
  if (typeof value === 'object' && value !== null) {
    const { properties } = real;
    if (properties === undefined) return real.type === 'object' ? [] : [`${at} is an object, not ${real.type}`];
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
  return misfitOfScalar(real, value, at);
}

function misfitOfScalar(real: SpecSchema, value: unknown, at: string): string[] {
  if (real.enum !== undefined && !real.enum.map(String).includes(String(value)))
    return [`${at} is ${JSON.stringify(value)}, which is no word of the specification`];
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[real.type ?? ''] ?? 'nothing like it';
  if (typeof value !== wanted) return [`${at} is ${typeof value}, not ${real.type}`];
  if (typeof value === 'number') {
    const steps = value / (real.multipleOf ?? 1);
    if (real.multipleOf !== undefined && Math.abs(steps - Math.round(steps)) > 1e-6) return [`${at} is no multiple of ${real.multipleOf}`];
    return value < (real.minimum ?? -Infinity) ? [`${at} is below ${real.minimum}`] : [];
  }
  if (typeof value !== 'string') return [];
  if (real.pattern !== undefined && !new RegExp(real.pattern).test(value)) return [`${at} does not fit ${real.pattern}`];
  return value.length < (real.minLength ?? 0) || value.length > (real.maxLength ?? Infinity)
    ? [`${at} has ${value.length} characters`]
    : [];
}

function nameOf(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? '';
}
