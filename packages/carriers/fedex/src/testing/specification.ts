import { readFileSync } from 'node:fs';
import { z } from 'zod';

// Enough of OpenAPI 3.0 to hold requests and answers against FedEx's own specifications.

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
  get allOf() {
    return z.array(schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const bodySchema = z.looseObject({
  content: z.record(z.string(), z.looseObject({ schema: schemaSchema.optional(), example: z.unknown().optional() })).optional(),
});
const operationSchema = z.looseObject({ requestBody: bodySchema.optional(), responses: z.record(z.string(), bodySchema) });
const specificationSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema) }),
});
export type Specification = z.infer<typeof specificationSchema>;

export function readSpecification(file: URL): Specification {
  return specificationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export type Described = {
  readonly request: SpecSchema;
  readonly answer: SpecSchema;
  /** Examples of refusals, by status. */
  readonly refusals: readonly (readonly [string, unknown])[];
};

/** What the specification says of a call; null where it does not have it. */
export function describedCall({ paths }: Specification, method: string, path: string): Described | null {
  const found = paths[path]?.[method.toLowerCase()];
  if (found === undefined) return null;
  const { requestBody, responses } = operationSchema.parse(found);
  const first = (body: z.infer<typeof bodySchema> | undefined) => Object.values(body?.content ?? {})[0];
  return {
    request: first(requestBody)?.schema ?? {},
    answer: first(responses['200'])?.schema ?? {},
    refusals: Object.entries(responses).flatMap(([status, body]) => {
      const example = first(body)?.example;
      return status === '200' || example === undefined ? [] : [[status, example] as const];
    }),
  };
}

/** Everything in a value that a schema does not have, or has otherwise. Places of lists are left out. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, at = ''): string[] {
  const real = resolved(specification, schema);
  if (Array.isArray(value)) {
    if (real.type !== 'array') return [`${at} is a list, not ${real.type}`];
    return value.flatMap((one) => misfits(specification, real.items ?? {}, one, `${at}[]`));
  }
  if (typeof value === 'object' && value !== null) {
    const { properties } = real;
    if (!properties) return real.type === 'object' || real.type === undefined ? [] : [`${at} is an object, not ${real.type}`];
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
  if (real.enum !== undefined && !real.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}, no word of the specification`];
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[real.type ?? ''];
  return wanted !== undefined && typeof value !== wanted ? [`${at} is ${typeof value}, not ${real.type}`] : [];
}

/** An instance with every property that a schema has, each list with one item. `text` gives the texts by name. */
export function fullExample(
  specification: Specification,
  schema: SpecSchema,
  text: (name: string) => string,
  name = '',
  seen: readonly string[] = [],
): unknown {
  const real = resolved(specification, schema);
  const ref = schema.$ref ?? '';
  if (ref !== '' && seen.includes(ref)) return {};
  const deeper = ref === '' ? seen : [...seen, ref];
  if (real.properties)
    return Object.fromEntries(
      Object.entries(real.properties).map(([key, one]) => [key, fullExample(specification, one, text, key, deeper)]),
    );
  if (real.type === 'array') return [fullExample(specification, real.items ?? {}, text, name, deeper)];
  if (real.type === 'string') return real.enum?.[0] ?? text(name);
  return { integer: 7, number: 7.25, boolean: true }[real.type ?? ''] ?? {};
}

function resolved(specification: Specification, schema: SpecSchema): SpecSchema {
  const parts = schema.allOf?.map((part) => resolved(specification, part));
  if (parts !== undefined)
    return { ...schema, ...Object.assign({}, ...parts), properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})) };
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(specification, specification.components.schemas[name] ?? {});
}
