import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readOutline } from './outline.ts';

// Enough of OpenAPI 3.0 to hold requests and answers against DHL's own specifications.

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  maxLength: z.number().optional(),
  minLength: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  pattern: z.string().optional(),
  enum: z.union([z.array(scalar), z.string()]).optional(),
  required: z.array(z.string()).optional(),
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
});
export type SpecSchema = z.infer<typeof schemaSchema>;

const specificationSchema = z.looseObject({
  components: z.looseObject({
    schemas: z.record(z.string(), schemaSchema),
    examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
  }),
});
export type Specification = z.infer<typeof specificationSchema>;

const folder = new URL('../../../../../../shared/specs/dhl_parcel_de/', import.meta.url);

/** Null where the vendors' material is not beside the project: then what reads it is skipped. */
export function readSpecification(name: string): Specification | null {
  const text = readVendorFile(name);
  return text === null ? null : specificationSchema.parse(readOutline(text.slice(text.indexOf('\ncomponents:'))));
}

export function readVendorFile(name: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | null {
  const file = new URL(name, folder);
  return existsSync(file) ? readFileSync(file, encoding) : null;
}

/** Everything in a value that the schema of this name does not have, or has otherwise. */
export function misfitsOf(specification: Specification, name: string, value: unknown): string[] {
  const schema = specification.components.schemas[name];
  if (schema === undefined) throw new RangeError(`the specification has no ${name}`);
  return misfits(specification, schema, value, '');
}

function misfits(specification: Specification, schema: SpecSchema, value: unknown, at: string): string[] {
  const real = resolved(specification, schema);
  if (real.allOf !== undefined) return real.allOf.flatMap((part) => misfits(specification, part, value, at));
  if (real.oneOf !== undefined) {
    const tries = real.oneOf.map((one) => misfits(specification, one, value, at));
    return tries.some((found) => found.length === 0) ? [] : (tries.toSorted((a, b) => a.length - b.length)[0] ?? []);
  }
  if (Array.isArray(value)) {
    if (real.type !== 'array') return [`${at} is a list, not ${real.type}`];
    if (real.maxItems !== undefined && value.length > real.maxItems) return [`${at} has more than ${real.maxItems} items`];
    return value.flatMap((one) => misfits(specification, real.items ?? {}, one, `${at}[]`));
  }
  if (typeof value === 'object' && value !== null) return objectMisfits(specification, real, value, at);
  return scalarMisfits(real, value, at);
}

function objectMisfits(specification: Specification, real: SpecSchema, value: object, at: string): string[] {
  const { properties, required } = real;
  if (!properties) return real.type === 'object' || real.type === undefined ? [] : [`${at} is an object, not ${real.type}`];
  const missing = (required ?? []).filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name} is missing`);
  const others = Object.entries(value).flatMap(([name, one]) => {
    const property = properties[name];
    return property === undefined ? [`${at}.${name} is not in the specification`] : misfits(specification, property, one, `${at}.${name}`);
  });
  return [...missing, ...others];
}

function scalarMisfits(real: SpecSchema, value: unknown, at: string): string[] {
  const wanted = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }[real.type ?? ''];
  if (wanted !== undefined && typeof value !== wanted) return [`${at} is ${typeof value}, not ${real.type}`];
  const known = typeof real.enum === 'string' ? real.enum.replaceAll(/[[\]\s]/g, '').split(',') : (real.enum ?? []).map(String);
  if (known.length > 0 && !known.includes(String(value))) return [`${at} is ${String(value)}, which is not in its list`];
  if (typeof value === 'number') {
    const tooLow = real.minimum !== undefined && value < real.minimum;
    const tooHigh = real.maximum !== undefined && value > real.maximum;
    return tooLow || tooHigh ? [`${at} is out of range`] : [];
  }
  if (typeof value !== 'string') return [];
  if (real.maxLength !== undefined && value.length > real.maxLength) return [`${at} is longer than ${real.maxLength}`];
  if (real.minLength !== undefined && value.length < real.minLength) return [`${at} is shorter than ${real.minLength}`];
  const pattern = real.pattern?.replaceAll('\\\\', '\\');
  return pattern !== undefined && !new RegExp(pattern).test(value) ? [`${at} does not match ${pattern}`] : [];
}

/** An instance with every property that a schema has, each list with one item. */
export function fullExample(specification: Specification, name: string): unknown {
  return example(specification, specification.components.schemas[name] ?? {}, 0);
}

function example(specification: Specification, schema: SpecSchema, depth: number): unknown {
  const real = resolved(specification, schema);
  if (depth > 10) return null;
  if (real.properties)
    return Object.fromEntries(Object.entries(real.properties).map(([key, one]) => [key, example(specification, one, depth + 1)]));
  if (real.type === 'array') return [example(specification, real.items ?? {}, depth + 1)];
  if (real.type === 'string') return Array.isArray(real.enum) ? String(real.enum[0]) : 'text';
  return { integer: 200, number: 7, boolean: true }[real.type ?? ''] ?? {};
}

function resolved(specification: Specification, schema: SpecSchema): SpecSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (specification.components.schemas[name] ?? {});
}
