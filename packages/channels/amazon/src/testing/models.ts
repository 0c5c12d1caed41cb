import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

// Amazon's own models (Apache-2.0), read where they lie beside the project and never copied into it.

const folder = new URL('../../../../../../shared/specs/amazon/', import.meta.url);

export const modelsAreAbsent = !existsSync(new URL('SOURCE.txt', folder));
export const reason = modelsAreAbsent ? " (skipped: Amazon's models of ../shared are not here)" : '';

export type Schema = Readonly<Record<string, unknown>> | boolean;

const record = z.record(z.string(), z.unknown());
const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(record).optional(),
  responses: z.record(z.string(), record),
  'x-amzn-api-sandbox': z.unknown().optional(),
});
const modelSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: record,
});

export type ModelOperation = {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly root: unknown;
};

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
}

/** The operations of a model. */
export function operationsOf(path: string): ModelOperation[] {
  const json = readJson(`models/${path}`);
  const root = modelSchema.parse(json);
  return Object.entries(root.paths).flatMap(([where, methods]) => {
    const shared = z.array(record).catch([]).parse(methods['parameters']);
    return Object.entries(methods).flatMap(([method, operation]) => {
      const parsed = operationSchema.safeParse(operation);
      if (!parsed.success) return [];
      const { operationId, parameters = [], responses } = parsed.data;
      return [
        { name: operationId, method: method.toUpperCase(), path: where, parameters: [...shared, ...parameters], responses, root: json },
      ];
    });
  });
}

const staticSchema = z.object({ 'x-amzn-api-sandbox': z.object({ static: z.array(z.object({ response: z.unknown() })) }) });

/** The answers that a model shows for an operation: those for Amazon's static sandbox, and those of the reference. */
export function examplesOf(operation: ModelOperation, status: string): unknown[] {
  const response = operation.responses[status] ?? {};
  const played = staticSchema.safeParse(response);
  const shown = z.object({ examples: record }).safeParse(response);
  return [
    ...(played.success ? played.data['x-amzn-api-sandbox'].static.map((one) => one.response) : []),
    ...(shown.success ? Object.values(shown.data.examples) : []),
  ];
}

/**
 * What of a value a JSON schema does not allow: the part of the drafts 4 and 7 that Amazon uses. A name that a `closed` schema does not have counts, though the drafts would let it pass: it
 * would be a slip of ours.
 */
export function violations(value: unknown, given: unknown, root: unknown, at = '', closed = true): string[] {
  if (given === true || given === undefined) return [];
  if (given === false) return [`${at} may not be there`];
  const schema = record.parse(given);
  const { $ref } = schema;
  if (typeof $ref === 'string') return violations(value, resolve($ref, root), root, at, closed);
  const found: string[] = [];
  const list = (name: string): readonly unknown[] => z.array(z.unknown()).catch([]).parse(schema[name]);
  if (schema['enum'] !== undefined && !list('enum').includes(value)) found.push(`${at}: ${JSON.stringify(value)} is none of the list`);
  if (schema['const'] !== undefined && schema['const'] !== value)
    found.push(`${at}: ${JSON.stringify(value)} is not ${JSON.stringify(schema['const'])}`);
  if (schema['oneOf'] !== undefined) {
    const fitting = list('oneOf').filter((one) => violations(value, one, root, at, false).length === 0).length;
    if (fitting !== 1) found.push(`${at}: fits ${fitting} of oneOf`);
  }
  for (const one of list('allOf')) found.push(...violations(value, one, root, at));
  if (!isOfType(value, schema['type'])) return [...found, `${at}: ${JSON.stringify(value)?.slice(0, 60)} is no ${String(schema['type'])}`];
  if (typeof value === 'string') {
    if (typeof schema['pattern'] === 'string' && !new RegExp(schema['pattern'], 'u').test(value))
      found.push(`${at}: ${value} is not like ${schema['pattern']}`);
    if (schema['format'] === 'date-time' && Number.isNaN(Date.parse(value))) found.push(`${at}: ${value} is no time`);
    if (value.length < Number(schema['minLength'] ?? 0) || value.length > Number(schema['maxLength'] ?? Infinity))
      found.push(`${at}: length`);
  }
  if (typeof value === 'number' && (value < Number(schema['minimum'] ?? -Infinity) || value > Number(schema['maximum'] ?? Infinity))) {
    found.push(`${at}: ${value} is out of bounds`);
  }
  if (Array.isArray(value)) {
    if (value.length < Number(schema['minItems'] ?? 0) || value.length > Number(schema['maxItems'] ?? Infinity))
      found.push(`${at}: ${value.length} items`);
    for (const [index, item] of value.entries()) found.push(...violations(item, schema['items'], root, `${at}[${index}]`));
  } else if (typeof value === 'object' && value !== null) {
    const properties = record.catch({}).parse(schema['properties']);
    const there = new Map(Object.entries(value));
    for (const name of list('required')) if (!there.has(String(name))) found.push(`${at}.${String(name)} is missing`);
    for (const [name, inner] of there) {
      if (Object.hasOwn(properties, name)) found.push(...violations(inner, properties[name], root, `${at}.${name}`));
      else if (closed && schema['properties'] !== undefined && schema['additionalProperties'] !== true) {
        found.push(`${at}.${name} is not in the model`);
      }
    }
  }
  return found;
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

function resolve(reference: string, root: unknown): unknown {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, name) => (name === '#' || name === '' ? at : record.parse(at)[name]), root);
}
