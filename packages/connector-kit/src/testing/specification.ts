import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

// Enough of OpenAPI 3 to hold requests and answers against vendors' own specifications.

const number = z.number().optional();
const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  minLength: number,
  maxLength: number,
  minItems: number,
  maxItems: number,
  minimum: number,
  maximum: number,
  exclusiveMinimum: z.union([z.number(), z.boolean()]).optional(),
  multipleOf: number,
  nullable: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).nullish();
  },
  get allOf() {
    return z.array(schemaSchema).optional();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const exampleSchema = z.looseObject({ $ref: z.string().optional(), value: z.unknown().optional() });
const bodySchema = z.looseObject({
  $ref: z.string().optional(),
  content: z
    .record(
      z.string(),
      z.looseObject({
        schema: schemaSchema.optional(),
        example: z.unknown().optional(),
        examples: z.record(z.string(), exampleSchema).optional(),
      }),
    )
    .optional(),
});
export type SpecBody = z.infer<typeof bodySchema>;

const parameterSchema = z.looseObject({
  $ref: z.string().optional(),
  name: z.string().optional(),
  in: z.string().optional(),
  required: z.boolean().optional(),
  schema: schemaSchema.optional(),
});
export type SpecParameter = z.infer<typeof parameterSchema>;

const operationSchema = z.looseObject({
  operationId: z.string().default(''),
  description: z.string().default(''),
  parameters: z.array(parameterSchema).default([]),
  requestBody: bodySchema.optional(),
  responses: z.record(z.string(), bodySchema),
});
export type SpecOperation = z.infer<typeof operationSchema>;

const named = <Part extends z.ZodType>(part: Part) => z.record(z.string(), part).default({});
const specificationSchema = z.looseObject({
  servers: z
    .array(z.looseObject({ variables: z.looseObject({ basePath: z.looseObject({ default: z.string() }).optional() }).optional() }))
    .default([]),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  components: z
    .looseObject({
      schemas: named(schemaSchema),
      parameters: named(parameterSchema),
      examples: named(exampleSchema),
      requestBodies: named(bodySchema),
      responses: named(bodySchema),
    })
    .prefault({}),
});
export type Specification = z.infer<typeof specificationSchema>;

const read = new Map<string, Specification>();

/** Reads a specification, JSON or YAML, once. Vendors' files have tabs and keys twice in places where YAML has none. */
export function readSpecification(file: URL): Specification {
  const known = read.get(file.href);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const document: unknown = file.href.endsWith('.json')
    ? JSON.parse(text)
    : parse(text.replaceAll('\t', ' '.repeat(8)), { uniqueKeys: false, logLevel: 'silent' });
  const found = specificationSchema.parse(document);
  read.set(file.href, found);
  return found;
}

/** What stands in the place of a specification that is not there, in tests that are skipped then. */
export const noSpecification: Specification = specificationSchema.parse({});

/** The schema of this name. Throws a `RangeError` where there is none. */
export function schemaOf(specification: Specification, name: string): SpecSchema {
  const found = specification.components.schemas[name];
  if (found === undefined) throw new RangeError(`the specification has no ${name}`);
  return found;
}

/** The operation that serves this method and path, where the specification has it; fixed paths go before those with parameters. */
export function operationOf(specification: Specification, method: string, path: string): SpecOperation | null {
  const base = specification.servers[0]?.variables?.basePath?.default ?? '';
  if (!path.startsWith(base)) return null;
  const fitting = Object.entries(specification.paths)
    .filter(([template]) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path.slice(base.length)))
    .toSorted(([left], [right]) => left.split('{').length - right.split('{').length);
  const found = fitting.map(([, operations]) => operations[method.toLowerCase()]).find((operation) => operation !== undefined);
  return found === undefined ? null : operationSchema.parse(found);
}

/** The parameters of an operation that go in a place, such as `query`. */
export function parametersOf({ components }: Specification, operation: SpecOperation, place: string): SpecParameter[] {
  return operation.parameters.map((one) => components.parameters[nameIn(one.$ref)] ?? one).filter((one) => one.in === place);
}

/** Which of these names are no parameters of the operation in this place. Names of headers are in lower case. */
export function strangeNames(specification: Specification, operation: SpecOperation, place: string, names: Iterable<string>): string[] {
  const known = parametersOf(specification, operation, place).map(({ name = '' }) => (place === 'header' ? name.toLowerCase() : name));
  return [...names].filter((name) => !known.includes(name));
}

/** What the request's JSON is to be; null where it has none. */
export function requestSchemaOf(specification: Specification, operation: SpecOperation): SpecSchema | null {
  return operation.requestBody === undefined ? null : jsonOf(specification, operation.requestBody).schema;
}

/** What the JSON of an answer of this status is, and all examples that are given of it. */
export function answerOf(
  specification: Specification,
  operation: SpecOperation,
  status: string | number,
): { readonly schema: SpecSchema | null; readonly examples: readonly unknown[] } {
  return jsonOf(specification, operation.responses[String(status)] ?? {});
}

function jsonOf(specification: Specification, body: SpecBody) {
  const { examples: shared, requestBodies, responses } = specification.components;
  const real = requestBodies[nameIn(body.$ref)] ?? responses[nameIn(body.$ref)] ?? body;
  const json = real.content?.['application/json'];
  const ofSchema = json?.schema === undefined ? undefined : flattened(specification, json.schema)['example'];
  const named = Object.values(json?.examples ?? {}).map(({ $ref, value }) => ($ref === undefined ? value : shared[nameIn($ref)]?.value));
  const examples = [ofSchema, json?.example, ...named].filter((one) => one !== undefined);
  return { schema: json?.schema ?? null, examples };
}

/**
 * Which way a value goes. In a request what is read-only is not asked for; `answer-with-nulls` is of vendors who do not say what may be null.
 */
export type Way = 'request' | 'answer' | 'answer-with-nulls';

/** Everything in a value that a schema does not have, or has otherwise, as sentences that begin with the place. Places of lists are left out. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, way: Way, at = ''): string[] {
  const real = flattened(specification, schema);
  if (value === null) return way === 'answer-with-nulls' || mayBeNull(real) ? [] : [`${at} is null`];
  const { oneOf, anyOf, ...rest } = real;
  const choices = oneOf ?? anyOf;
  if (choices !== undefined) {
    const tries = choices.map((one) => misfits(specification, { allOf: [one, rest] }, value, way, at));
    return tries.toSorted((one, other) => strangenessOf(one) - strangenessOf(other) || one.length - other.length)[0] ?? [];
  }
  const is = kindOf(value);
  const wanted = [real.type ?? []].flat().filter((type) => type !== 'null');
  if (wanted.length > 0 && !wanted.some((type) => type === is || (type === 'number' && is === 'integer')))
    return [`${at} is ${is}, not ${wanted.join(' or ')}`];
  if (Array.isArray(value)) {
    const count = isWithin(value.length, real.minItems, real.maxItems) ? [] : [`${at} has ${value.length} items`];
    return [...count, ...value.flatMap((one) => misfits(specification, real.items ?? {}, one, way, `${at}[]`))];
  }
  if (typeof value === 'object') return misfitsOfObject(specification, real, Object.entries(value ?? {}), way, at);
  return misfitsOfScalar(real, value).map((words) => `${at} ${words}`);
}

function misfitsOfObject(
  specification: Specification,
  { properties, required = [] }: SpecSchema,
  entries: readonly [string, unknown][],
  way: Way,
  at: string,
): string[] {
  if (!properties) return [];
  const given = new Set(entries.map(([name]) => name));
  const isAsked = (name: string) => way !== 'request' || flattened(specification, properties[name] ?? {}).readOnly !== true;
  return [
    ...required.filter((name) => !given.has(name) && isAsked(name)).map((name) => `${at}.${name} is missing`),
    ...entries.flatMap(([name, one]) => {
      const property = properties[name];
      return property === undefined ? [`${at}.${name} ${strange}`] : misfits(specification, property, one, way, `${at}.${name}`);
    }),
  ];
}

function misfitsOfScalar(real: SpecSchema, value: unknown): string[] {
  if (real.enum !== undefined && !real.enum.map(String).includes(String(value)))
    return [`is ${JSON.stringify(value)}, no word of the specification`];
  if (typeof value === 'number') {
    const { minimum, maximum, exclusiveMinimum: above, multipleOf } = real;
    const isInSteps = multipleOf === undefined || Math.abs(value / multipleOf - Math.round(value / multipleOf)) < 1e-6;
    return isWithin(value, minimum, maximum) && !(typeof above === 'number' && value <= above) && isInSteps
      ? []
      : [`is ${value}, out of bounds`];
  }
  if (typeof value !== 'string') return [];
  if (real.pattern !== undefined && !new RegExp(real.pattern).test(value)) return [`does not fit ${real.pattern}`];
  if (value.length < (real.minLength ?? 0)) return [`is shorter than ${real.minLength}`];
  return value.length > (real.maxLength ?? Infinity) ? [`is longer than ${real.maxLength}`] : [];
}

const strange = 'is not in the specification';

/** A choice that knows all names of a value is the one that was meant, even when it misses some. */
function strangenessOf(found: readonly string[]): number {
  return found.filter((one) => one.endsWith(strange)).length;
}

function isWithin(value: number, least = -Infinity, most = Infinity): boolean {
  return value >= least && value <= most;
}

function mayBeNull({ nullable, type }: SpecSchema): boolean {
  return nullable === true || [type ?? []].flat().includes('null');
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** What scalars of an example are, by the name of the property; default whole numbers, and the first word of an enumeration or a text. */
export type ExampleScalars = { readonly text?: (name: string) => string; readonly integer?: number; readonly number?: number };

/** An instance with every property that a schema has, each list with one item. Rings end where they close. */
export function fullExample(specification: Specification, schema: SpecSchema, scalars: ExampleScalars = {}): unknown {
  const { text = () => 'TEXT', integer = 7, number: decimal = 7 } = scalars;

  function example(given: SpecSchema, name: string, within: readonly string[]): unknown {
    const ref = given.$ref ?? '';
    if (ref !== '' && within.includes(ref)) return {};
    const deeper = ref === '' ? within : [...within, ref];
    const { type, properties, items = {}, enum: words } = flattened(specification, given);
    if (properties) return Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, example(one, key, deeper)]));
    switch ([type ?? []].flat()[0]) {
      case 'array':
        return [example(items, name, deeper)];
      case 'string':
        return words === undefined ? text(name) : String(words[0]);
      case 'integer':
        return integer;
      case 'number':
        return decimal;
      case 'boolean':
        return true;
      default:
        return {};
    }
  }

  return example(schema, '', []);
}

/** One schema of all that it refers to and is made of. */
function flattened(specification: Specification, schema: SpecSchema): SpecSchema {
  if (schema.$ref !== undefined) return flattened(specification, specification.components.schemas[nameIn(schema.$ref)] ?? {});
  const { allOf, ...own } = schema;
  if (allOf === undefined) return own;
  return [...allOf.map((one) => flattened(specification, one)), own].reduce<SpecSchema>(
    (all, one) => ({
      ...all,
      ...one,
      ...(all.properties || one.properties ? { properties: { ...all.properties, ...one.properties } } : {}),
      ...(all.required || one.required ? { required: [...(all.required ?? []), ...(one.required ?? [])] } : {}),
    }),
    {},
  );
}

function nameIn(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? '';
}
