import { epochMs, type Instant } from '@quartermaster/domain';
import { z, type ZodType } from 'zod';
import type { Json, RowReader } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { numberOfDecimal } from './decimal.ts';
import type { ModelField, Models } from './field.ts';
import { rowReader } from './rows.ts';

/** `2026-11-21 19:23:18`: UTC without fractions, the only form of a time that Odoo reads. */
export function odooTime(instant: Instant): string {
  return new Date(epochMs(instant)).toISOString().slice(0, 19).replace('T', ' ');
}

/** The instant of a time that Odoo sends. */
export function instantFromOdoo(text: string): Instant {
  return `${text.replace(' ', 'T')}.000Z`;
}

/**
 * Reads rows of `id` and these fields, each value in our form. Unknown selection values are kept. Throws `invalid-request` naming a field that the model does not have.
 */
export function rowsOfFields(models: Models, model: string, names: readonly string[]): RowReader<Record<string, unknown>> {
  return rowReader(names.flatMap((name) => (name === 'id' ? [] : [[name, fieldOf(models, model, name)] as const])));
}

/**
 * Values as Odoo reads them: null becomes false, an instant Odoo's text, a decimal a number, commands their triplets. Throws `invalid-request` naming a field that the model does
 * not have, a selection value that it does not take, or a value that is no such thing.
 */
export function encodeValues(models: Models, model: string, values: Readonly<Record<string, unknown>>): Record<string, Json> {
  const encoded: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    encoded[name] = encodeValue(models, fieldOf(models, model, name), `${model}.${name}`, value);
  }
  return encoded;
}

function encodeValue(models: Models, field: ModelField, path: string, value: unknown): Json {
  switch (field.type) {
    case 'one2many':
    case 'many2many':
      return parsed(commandsSchema, path, value).map((each) => encodeCommand(models, field, path, each));
    case 'selection': {
      const text = parsed(z.string().nullable(), path, value);
      if (text !== null && field.values?.includes(text) === false) throw wrong(path, `${JSON.stringify(text)} is none of its values`);
      return text ?? false;
    }
    default:
      return encodeSingle(field, path, value);
  }
}

/** A value as it stands in a domain or in values, of a field that holds one. */
function encodeSingle(field: ModelField, path: string, value: unknown): Json {
  if (value === null) return false;
  switch (field.type) {
    case 'monetary':
      return encodeDecimal(path, value);
    case 'datetime':
      return encodeInstant(path, value);
    case 'boolean':
      return parsed(z.boolean(), path, value);
    case 'integer':
    case 'float':
    case 'many2one':
    case 'one2many':
    case 'many2many':
    case 'many2one_reference':
      return parsed(z.number(), path, value);
    case 'json':
    case 'properties':
      return parsed(z.json(), path, value);
    default:
      return parsed(z.string(), path, value);
  }
}

function encodeDecimal(path: string, value: unknown): number {
  const number = numberOfDecimal(parsed(z.string(), path, value));
  if (number === null) throw wrong(path, 'is no decimal number, such as 12.30, or has more digits than Odoo keeps');
  return number;
}

function encodeInstant(path: string, value: unknown): string {
  try {
    return odooTime(parsed(z.string(), path, value));
  } catch (error) {
    if (error instanceof RangeError) throw wrong(path, 'is no instant, such as 2026-11-21T19:23:18.000Z');
    throw error;
  }
}

const commandsSchema = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('create'), values: z.record(z.string(), z.unknown()) }),
    z.object({ kind: z.literal('update'), id: z.int(), values: z.record(z.string(), z.unknown()) }),
    z.object({ kind: z.enum(['remove', 'unlink', 'link']), id: z.int() }),
    z.object({ kind: z.literal('clear') }),
    z.object({ kind: z.literal('set'), ids: z.array(z.int()) }),
  ]),
);

function encodeCommand(models: Models, field: ModelField, path: string, each: z.infer<typeof commandsSchema>[number]): Json {
  const related = (values: Readonly<Record<string, unknown>>) => encodeValues(models, field.relation ?? '', values);
  switch (each.kind) {
    case 'create':
      return [0, 0, related(each.values)];
    case 'update':
      return [1, each.id, related(each.values)];
    case 'remove':
      return [2, each.id, 0];
    case 'unlink':
      return [3, each.id, 0];
    case 'link':
      return [4, each.id, 0];
    case 'clear':
      return [5, 0, 0];
    case 'set':
      return [6, 0, [...each.ids]];
  }
}

/** A domain as Odoo reads it, in prefix form. Throws `invalid-request` naming a path that leads nowhere. */
export function encodeDomain(models: Models, model: string, domain: readonly unknown[]): Json[] {
  return domain.map((term) => {
    if (typeof term === 'string') return term;
    const [path, operator, value] = parsed(termSchema, model, term);
    const field = fieldAt(models, model, path);
    return [path, operator, encodeOperand(models, field, `${model}.${path}`, operator, value)];
  });
}

const termSchema = z.tuple([z.string(), z.string(), z.unknown()]);

function encodeOperand(models: Models, field: ModelField, path: string, operator: string, value: unknown): Json {
  if (operator === 'any' || operator === 'not any') {
    return encodeDomain(models, field.relation ?? '', parsed(z.array(z.unknown()), path, value));
  }
  if (Array.isArray(value)) return value.map((each) => encodeSingle(field, path, each));
  return encodeSingle(field, path, value);
}

function fieldAt(models: Models, model: string, path: string): ModelField {
  if (path === 'id') return { type: 'integer' };
  const [head = '', ...rest] = path.split('.');
  const field = fieldOf(models, model, head);
  return rest.length === 0 ? field : fieldAt(models, field.relation ?? '', rest.join('.'));
}

function fieldOf(models: Models, model: string, name: string): ModelField {
  const field = models[model]?.[name];
  if (field !== undefined) return field;
  throw odooFault('invalid-request', `${model}.fields`, `the generated types have no field ${name} of ${model}`, {
    advice: 'Correct the name, or generate the types anew if the field was added since.',
  });
}

function parsed<T>(schema: ZodType<T>, path: string, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw wrong(path, result.error.issues[0]?.message ?? 'is not as it should be');
}

function wrong(path: string, message: string): Error {
  return odooFault('invalid-request', path, `${path}: ${message}`, { advice: 'Correct the value.' });
}
