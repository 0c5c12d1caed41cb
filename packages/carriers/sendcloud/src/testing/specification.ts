import { readFileSync } from 'node:fs';
import { z } from 'zod';

// Enough of OpenAPI 3.1 to hold requests and answers against Sendcloud's own specification.

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  pattern: z.string().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
  get allOf() {
    return z.array(schemaSchema).optional();
  },
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const bodySchema = z.looseObject({
  $ref: z.string().optional(),
  content: z
    .record(
      z.string(),
      z.looseObject({
        schema: schemaSchema.optional(),
        example: z.unknown().optional(),
        examples: z.record(z.string(), z.looseObject({ value: z.unknown().optional() })).optional(),
      }),
    )
    .optional(),
});
const parameterSchema = z.looseObject({
  $ref: z.string().optional(),
  name: z.string().optional(),
  in: z.string().optional(),
  schema: schemaSchema.optional(),
});
const operationSchema = z.looseObject({
  parameters: z.array(parameterSchema).optional(),
  requestBody: bodySchema.optional(),
  responses: z.record(z.string(), bodySchema),
});
const specificationSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.looseObject({ get: operationSchema.optional(), post: operationSchema.optional(), patch: operationSchema.optional() }),
  ),
  components: z.looseObject({
    schemas: z.record(z.string(), schemaSchema),
    requestBodies: z.record(z.string(), bodySchema),
    responses: z.record(z.string(), bodySchema),
    parameters: z.record(z.string(), parameterSchema),
  }),
});
export type Specification = z.infer<typeof specificationSchema>;
export type SpecOperation = z.infer<typeof operationSchema>;
type Body = z.infer<typeof bodySchema>;

export function readSpecification(file: URL): Specification {
  return specificationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The operation of a path, which must be there. */
export function operationOf(specification: Specification, method: 'get' | 'post' | 'patch', path: string): SpecOperation {
  const found = specification.paths[path]?.[method];
  if (found === undefined) throw new RangeError(`the specification has no ${method} ${path}`);
  return found;
}

/** Names of the parameters of a query. */
export function queryNamesOf(specification: Specification, { parameters = [] }: SpecOperation): string[] {
  return parameters
    .map((one) => (one.$ref === undefined ? one : (specification.components.parameters[nameIn(one.$ref)] ?? one)))
    .flatMap((one) => (one.in === 'query' && one.name !== undefined ? [one.name] : []));
}

export function requestSchemaOf(specification: Specification, operation: SpecOperation): SpecSchema | null {
  return operation.requestBody === undefined ? null : jsonOf(specification, operation.requestBody).schema;
}

/** The schema of an answer and the examples of it. */
export function answerOf(
  specification: Specification,
  operation: SpecOperation,
  status: string,
): { readonly schema: SpecSchema | null; readonly examples: readonly unknown[] } {
  return jsonOf(specification, operation.responses[status] ?? {});
}

function jsonOf(specification: Specification, body: Body): { readonly schema: SpecSchema | null; readonly examples: readonly unknown[] } {
  const { requestBodies, responses } = specification.components;
  const real = body.$ref === undefined ? body : (requestBodies[nameIn(body.$ref)] ?? responses[nameIn(body.$ref)] ?? {});
  const json = real.content?.['application/json'];
  const ofSchema = json?.schema === undefined ? undefined : merged(specification, json.schema)['example'];
  const examples = [ofSchema, json?.example, ...Object.values(json?.examples ?? {}).map(({ value }) => value)].filter(
    (one) => one !== undefined,
  );
  return { schema: json?.schema ?? null, examples };
}

function nameIn(ref: string): string {
  return ref.split('/').at(-1) ?? '';
}

/** Everything in a value that a schema does not have, or has otherwise. Places of lists are left out; null is as good as not there. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, at = ''): string[] {
  const real = merged(specification, schema);
  const choices = real.oneOf ?? real.anyOf;
  if (choices !== undefined) {
    const tries = choices.map((one) =>
      misfits(specification, { ...one, ...(real.properties === undefined ? {} : { properties: real.properties }) }, value, at),
    );
    return tries.some((found) => found.length === 0) ? [] : (tries.toSorted((a, b) => a.length - b.length)[0] ?? []);
  }
  if (value === null) return [];
  const wanted = typeof real.type === 'string' ? real.type : undefined;
  const is = Array.isArray(value)
    ? 'array'
    : typeof value === 'number' && Number.isInteger(value) && wanted === 'integer'
      ? 'integer'
      : typeof value;
  if (wanted !== undefined && wanted !== is) return [`${at} is ${is}, not ${wanted}`];
  if (Array.isArray(value)) {
    const tooFew =
      value.length < (real.minItems ?? 0) || value.length > (real.maxItems ?? Number.POSITIVE_INFINITY)
        ? [`${at} has ${value.length} items`]
        : [];
    return [...tooFew, ...value.flatMap((one) => misfits(specification, real.items ?? {}, one, `${at}[]`))];
  }
  if (typeof value === 'object') {
    const { properties } = real;
    if (properties === undefined) return [];
    const entries = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
    const missing = (real.required ?? [])
      .filter((name) => !entries.some(([key]) => key === name))
      .map((name) => `${at}.${name} is missing`);
    return [
      ...missing,
      ...entries.flatMap(([name, one]) => {
        const property = properties[name];
        return property === undefined
          ? [`${at}.${name} is not in the specification`]
          : misfits(specification, property, one, `${at}.${name}`);
      }),
    ];
  }
  return [...outside(real, value)].map((words) => `${at} ${words}`);
}

function outside({ enum: allowed, minLength, maxLength, minimum, exclusiveMinimum, pattern }: SpecSchema, value: unknown): string[] {
  const found: string[] = [];
  if (allowed !== undefined && !allowed.includes(value)) found.push(`${JSON.stringify(value)} is none of ${JSON.stringify(allowed)}`);
  if (typeof value === 'string') {
    if (value.length < (minLength ?? 0) || value.length > (maxLength ?? Number.POSITIVE_INFINITY))
      found.push(`has ${value.length} characters`);
    if (pattern !== undefined && !new RegExp(pattern).test(value)) found.push(`does not match ${pattern}`);
  }
  if (
    typeof value === 'number' &&
    (value < (minimum ?? Number.NEGATIVE_INFINITY) || value <= (exclusiveMinimum ?? Number.NEGATIVE_INFINITY))
  )
    found.push(`is ${value}`);
  return found;
}

/** A schema with what it refers to and is made of laid over one another. */
function merged(specification: Specification, schema: SpecSchema): SpecSchema {
  const real =
    schema.$ref === undefined ? schema : { ...specification.components.schemas[nameIn(schema.$ref)], ...schema, $ref: undefined };
  if (real.$ref !== undefined) return merged(specification, real);
  const parts = (real.allOf ?? []).map((part) => merged(specification, part));
  if (parts.length === 0) return real;
  const all = [...parts, { ...real, allOf: undefined }];
  const properties = Object.assign({}, ...all.map((part) => part.properties ?? {}));
  const required = all.flatMap((part) => part.required ?? []);
  return { ...Object.assign({}, ...all), properties, required, allOf: undefined };
}
