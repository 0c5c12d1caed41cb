import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readOutline } from './outline.ts';

// Enough of OpenAPI 3.0 to hold requests and answers against UPS's own specifications.

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  maxLength: z.number().optional(),
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).nullish();
  },
  get oneOf() {
    return z.array(schemaSchema).optional();
  },
  get allOf() {
    return z.array(schemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const specificationSchema = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema) }),
});
export type Specification = z.infer<typeof specificationSchema>;

/** Its schemas alone: the examples before them are in a form that our reader does not know. UPS's files have tabs in places where YAML has none. */
export function readSpecification(file: URL): Specification {
  const text = readFileSync(file, 'utf8').replaceAll('\t', ' '.repeat(8));
  return specificationSchema.parse(readOutline(text.slice(text.indexOf('\ncomponents:'))));
}

/** The schema of this name, which must be there. */
export function schemaOf(specification: Specification, name: string): SpecSchema {
  const found = specification.components.schemas[name];
  if (found === undefined) throw new RangeError(`the specification has no ${name}`);
  return found;
}

/** Everything in a value that a schema does not have, or has otherwise. Places of lists are left out. */
export function misfits(specification: Specification, schema: SpecSchema, value: unknown, at = ''): string[] {
  const real = resolved(specification, schema);
  if (real.allOf !== undefined) {
    const properties = Object.assign({}, ...real.allOf.map((part) => propertiesOf(specification, part)));
    const required = real.allOf.flatMap((part) => resolved(specification, part).required ?? []);
    return misfits(specification, { type: 'object', properties, required }, value, at);
  }
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
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[real.type ?? ''];
  if (wanted !== undefined && typeof value !== wanted) return [`${at} is ${typeof value}, not ${real.type}`];
  return typeof value === 'string' && real.maxLength !== undefined && value.length > real.maxLength
    ? [`${at} is longer than ${real.maxLength}`]
    : [];
}

/** An instance with every property that a schema has, each list with one item. `value` gives the texts by name. */
export function fullExample(
  specification: Specification,
  schema: SpecSchema,
  value: (name: string) => string,
  name = '',
  depth = 0,
): unknown {
  const real = resolved(specification, schema);
  if (depth > 14) return null;
  if (real.properties)
    return Object.fromEntries(
      Object.entries(real.properties).map(([key, one]) => [key, fullExample(specification, one, value, key, depth + 1)]),
    );
  if (real.type === 'array') return [fullExample(specification, real.items ?? {}, value, name, depth + 1)];
  return real.type === 'string' ? value(name) : ({ integer: 7, number: 7, boolean: true }[real.type ?? ''] ?? {});
}

function propertiesOf(specification: Specification, schema: SpecSchema): Record<string, SpecSchema> {
  return resolved(specification, schema).properties ?? {};
}

function resolved(specification: Specification, schema: SpecSchema): SpecSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (specification.components.schemas[name] ?? {});
}
