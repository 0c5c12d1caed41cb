import { callGate } from '@quartermaster/connector-kit';
import { z } from 'zod';
import type { OdooClient } from '../client/client.ts';
import { isFault } from '@quartermaster/domain';
import { fieldTypes, type FieldType, type ModelField } from '../models/field.ts';
import type { WantedModels } from './wanted.ts';

/** A database's models as they are: what types are generated from, what a lock keeps, and what drift is found by. */
export type Schema = {
  /** Major version of the server. */
  readonly version: number;
  readonly models: Readonly<Record<string, Readonly<Record<string, LabelledField>>>>;
};

/** Models that are asked for at a time. */
const modelsAtOnce = 4;

export type LabelledField = ModelField & { readonly label: string };

/** Reads the wanted models of a server; a model or field that it does not have, or that the user may not see, is left out. Which modules bring a field only administrators see. */
export async function readSchema(client: OdooClient, wanted: WantedModels, { modules = true } = {}): Promise<Schema> {
  const modulesOf = modules ? await readModules(client, Object.keys(wanted)) : new Map<string, readonly string[]>();
  const models: Record<string, Record<string, LabelledField>> = {};
  const pass = callGate(modelsAtOnce);
  const all = await Promise.all(
    Object.entries(wanted).map(async ([model, names]) => ({ model, described: await pass(() => describe(client, model, names)) })),
  );
  for (const { model, described } of all) {
    if (described === null) continue;
    const fields = Object.entries(described)
      .filter(([name]) => name !== 'id')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, fieldOf(name, field, modulesOf.get(`${model}.${name}`))] as const);
    models[model] = Object.fromEntries(fields);
  }
  return { version: client.version, models };
}

type Description = z.infer<typeof descriptionSchema>;
const descriptionSchema = z.object({
  type: z.string(),
  string: z.string(),
  required: z.boolean().optional(),
  store: z.boolean().optional(),
  relation: z.string().optional(),
  relation_field: z.string().optional(),
  selection: z.array(z.tuple([z.union([z.string(), z.int(), z.literal(false)]), z.string()])).optional(),
});

const attributes = ['type', 'string', 'required', 'store', 'relation', 'relation_field', 'selection'];

/** What `fields_get` says, or null when there is no such model. */
async function describe(client: OdooClient, model: string, names: readonly string[] | 'all'): Promise<Record<string, Description> | null> {
  // An empty list would mean all of them.
  if (names !== 'all' && names.length === 0) return {};
  const args = { allfields: names === 'all' ? [] : [...names], attributes };
  try {
    return await client.call(
      { model, method: 'fields_get', args, repeat: 'always', timeout: 'read' },
      z.record(z.string(), descriptionSchema),
    );
  } catch (error) {
    if (isFault(error) && (error.code === 'unsupported' || error.code === 'not-found')) return null;
    throw error;
  }
}

function fieldOf(name: string, described: Description, modules: readonly string[] | undefined): LabelledField {
  const { relation, relation_field: inverse } = described;
  const type = typeOf(described.type);
  const values = type === 'selection' ? valuesOf(name, described) : undefined;
  return {
    label: described.string,
    type,
    ...(described.required === true ? { required: true } : {}),
    ...(described.store === false ? { stored: false } : {}),
    ...(relation === undefined ? {} : { relation }),
    ...(inverse === undefined ? {} : { inverse }),
    ...(values === undefined ? {} : { values }),
    ...(modules === undefined ? {} : { modules }),
  };
}

/** The values of a selection; none are kept where they are data of the database: languages, time zones, and other long lists. */
function valuesOf(name: string, { selection }: Description): readonly string[] | undefined {
  const values = selection?.flatMap(([value]) => (typeof value === 'string' ? [value] : [])) ?? [];
  return name === 'lang' || name === 'tz' || values.length > mostValues ? undefined : values;
}

const mostValues = 100;

/** A type that Odoo has and we do not know is passed through as it comes. */
function typeOf(name: string): FieldType {
  return fieldTypes.find((type) => type === name) ?? 'json';
}

/** Modules of each field by `model.field`; nothing when the user may not see them. */
async function readModules(client: OdooClient, models: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const row = z.object({ id: z.int(), model: z.string(), name: z.string(), modules: z.union([z.string(), z.literal(false)]) });
  const found = new Map<string, readonly string[]>();
  try {
    const query = { domain: [['model', 'in', [...models]]], fields: ['model', 'name', 'modules'] };
    for await (const page of client.pages('ir.model.fields', query, row))
      for (const { model, name, modules } of page) {
        const names = modulesIn(modules);
        if (names.length > 0) found.set(`${model}.${name}`, names);
      }
  } catch (error) {
    if (!isFault(error) || (error.code !== 'forbidden' && error.code !== 'unsupported')) throw error;
  }
  return found;
}

/** Modules as Odoo lists them; none of a field that somebody made by hand. */
export function modulesIn(list: string | false): readonly string[] {
  if (list === false) return [];
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .sort();
}
