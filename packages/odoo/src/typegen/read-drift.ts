import { isFault } from '@quartermaster/domain';
import { z } from 'zod';
import type { OdooClient } from '../client/client.ts';
import { compareSchemas, type Comparable, type Drift } from './drift.ts';
import { readSchema } from './read-schema.ts';
import type { WantedModels } from './wanted.ts';

/** Compares a lock, or curated models, with a server. Works for a user without rights to settings; a field that the user may not see counts as gone. */
export async function readDrift(client: OdooClient, lock: Comparable): Promise<Drift[]> {
  const wanted = Object.fromEntries(Object.entries(lock.models).map(([model, fields]) => [model, Object.keys(fields)]));
  const live = await readSchema(client, wanted, { modules: false });
  const installed = await readInstalledModules(client);
  const found = compareSchemas(lock, live, installed);
  // Only to guess new names are all fields of a model read.
  const missing = [...new Set(found.flatMap((each) => (each.kind === 'field-missing' ? [each.model] : [])))];
  if (missing.length === 0) return found;
  const everything: WantedModels = Object.fromEntries(missing.map((model) => [model, 'all']));
  const whole = await readSchema(client, everything, { modules: false });
  return compareSchemas(lock, { models: { ...live.models, ...whole.models } }, installed);
}

/** Names of the modules that are installed, or null when the user may not see them. */
export async function readInstalledModules(client: OdooClient): Promise<ReadonlySet<string> | null> {
  try {
    const rows = await client.searchRead('ir.module.module', { domain: [['state', '=', 'installed']], fields: ['name'] }, moduleSchema);
    return new Set(rows.map((row) => row.name));
  } catch (error) {
    if (isFault(error) && (error.code === 'forbidden' || error.code === 'unsupported')) return null;
    throw error;
  }
}

const moduleSchema = z.object({ id: z.int(), name: z.string() });

/** Only these models and fields of a lock. */
export function restrictTo(lock: Comparable, wanted: WantedModels): Comparable {
  const models = Object.entries(wanted).flatMap(([model, names]) => {
    const fields = lock.models[model];
    if (fields === undefined) return [];
    const kept = Object.entries(fields).filter(([name]) => names === 'all' || names.includes(name));
    return [[model, Object.fromEntries(kept)] as const];
  });
  return { models: Object.fromEntries(models) };
}
