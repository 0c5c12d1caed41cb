import { z } from 'zod';
import { fieldTypes } from '../models/field.ts';
import type { LabelledField, Schema } from './read-schema.ts';

/** Names this form of a lock, in the lock itself. */
export const lockFormat = 'quartermaster/odoo-lock@1';

/** The lock of a schema as text: JSON, one field a line, in alphabetical order, so that two locks can be compared by eye. The same schema gives the same text. */
export function lockOf(schema: Schema): string {
  const models = sorted(schema.models).map(([model, fields]) => `    ${JSON.stringify(model)}: ${fieldLines(fields)}`);
  const body = models.length === 0 ? '{}' : `{\n${models.join(',\n')}\n  }`;
  return `{\n  "format": ${JSON.stringify(lockFormat)},\n  "version": ${schema.version},\n  "models": ${body}\n}\n`;
}

function fieldLines(fields: Readonly<Record<string, LabelledField>>): string {
  const lines = sorted(fields).map(([name, field]) => `      ${JSON.stringify(name)}: ${JSON.stringify(inOrder(field))}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n    }`;
}

/** A field with its facts in the order of the lock's form; what is not said is left out. */
function inOrder({ type, label, required, stored, relation, inverse, values, modules }: Loose<LabelledField>): LabelledField {
  return {
    type,
    label,
    ...(required === undefined ? {} : { required }),
    ...(stored === undefined ? {} : { stored }),
    ...(relation === undefined ? {} : { relation }),
    ...(inverse === undefined ? {} : { inverse }),
    ...(values === undefined ? {} : { values }),
    ...(modules === undefined ? {} : { modules }),
  };
}

/** To zod, what is absent and what is undefined are the same. */
type Loose<T> = { readonly [Name in keyof T]: T[Name] | undefined } & Pick<LabelledField, 'type' | 'label'>;

/**
 * The schema that a lock keeps. Throws a {@link LockError} that names the place that is not as it should be. Names are held to what Odoo allows, because source text is made of
 * them.
 */
export function parseLock(text: string): Schema {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new LockError(`not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const parsed = lockSchema.safeParse(json);
  if (parsed.success) return { version: parsed.data.version, models: inOrderOfNames(parsed.data.models) };
  const [issue] = parsed.error.issues;
  throw new LockError(`${issue?.path.join(' › ') || 'the whole lock'}: ${issue?.message ?? 'is not as it should be'}`);
}

/** A lock that is none, or one of another form. The message names the place. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

const modelName = z.string().regex(/^[A-Za-z_][\w.-]*$/, 'no name of a model');
const fieldName = z.string().regex(/^[A-Za-z_]\w*$/, 'no name of a field');

const fieldSchema = z
  .strictObject({
    type: z.enum(fieldTypes),
    label: z.string(),
    required: z.literal(true).optional(),
    stored: z.literal(false).optional(),
    relation: modelName.optional(),
    inverse: fieldName.optional(),
    values: z.array(z.string()).optional(),
    modules: z.array(z.string()).optional(),
  })
  .transform(inOrder);

const lockSchema = z.strictObject({
  format: z.literal(lockFormat, `expected ${JSON.stringify(lockFormat)}: written by another version of Quartermaster? Generate it anew`),
  version: z.int().positive(),
  models: z.record(modelName, z.record(fieldName, fieldSchema)),
});

function inOrderOfNames(models: Schema['models']): Schema['models'] {
  return Object.fromEntries(sorted(models).map(([model, fields]) => [model, Object.fromEntries(sorted(fields))]));
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
