import type { OdooClient } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { curatedOf } from '../models/curated-of.ts';
import type { Comparable, Drift } from '../typegen/drift.ts';
import { readDrift, restrictTo } from '../typegen/read-drift.ts';
import type { OdooErp } from './erp.ts';
import { fieldsInUse } from './used-fields.ts';

/**
 * What a database is compared with: the curated types of its version as far as the connector uses them, and a lock of somebody's own, which knows better where both speak of a field.
 * Null for a version that there is neither for.
 */
export function lockToCompare(version: number, own?: Comparable): Comparable | null {
  const curated = curatedOf(version);
  if (curated === null) return own ?? null;
  const models: Record<string, Comparable['models'][string]> = { ...restrictTo({ models: curated }, fieldsInUse).models };
  for (const [model, fields] of Object.entries(own?.models ?? {})) models[model] = { ...models[model], ...fields };
  return { models };
}

/** Throws `misconfigured`, naming every field, where the schema drifted so that the connector would fail or write something else than it means. */
export async function demandNoDrift(client: OdooClient, own?: Comparable): Promise<void> {
  const lock = lockToCompare(client.version, own);
  const drift = lock === null ? [] : await readDrift(client, restrictTo(lock, fieldsInUse));
  const breaking = drift.filter(({ severity }) => severity === 'breaks');
  if (breaking.length === 0) return;
  throw odooFault('misconfigured', 'connect', `nothing is written, because the schema drifted: ${breaking.map(whatOf).join('; ')}`, {
    advice: 'Undo the change in Odoo, or take a version of Quartermaster that knows it.',
  });
}

function whatOf({ what }: Drift): string {
  return what;
}

/** The same port, whose effects wait for `demand` to hold once; while it does not, they fail as it does. Reads go through. */
export function guarded(erp: OdooErp, demand: () => Promise<void>): OdooErp {
  let holding: Promise<void> | undefined;
  async function first<T>(effect: () => Promise<T>): Promise<T> {
    holding ??= demand();
    try {
      await holding;
    } catch (error) {
      // Somebody may mend it meanwhile.
      holding = undefined;
      throw error;
    }
    return effect();
  }
  const { vendorBills, batches, todos } = erp;
  return {
    ...erp,
    writeOrder: (draft, memo) => first(() => erp.writeOrder(draft, memo)),
    writeOrders: (drafts) => first(() => erp.writeOrders(drafts)),
    allocate: (request, memo) => first(() => erp.allocate(request, memo)),
    deallocate: (request, memo) => first(() => erp.deallocate(request, memo)),
    ship: (request, memo) => first(() => erp.ship(request, memo)),
    cancelOrder: (key, memo) => first(() => erp.cancelOrder(key, memo)),
    changeAddress: (request, memo) => first(() => erp.changeAddress(request, memo)),
    vendorBills: vendorBills && { ...vendorBills, write: (draft, memo) => first(() => vendorBills.write(draft, memo)) },
    batches: batches && { ...batches, write: (draft, memo) => first(() => batches.write(draft, memo)) },
    todos: todos && {
      ...todos,
      write: (draft, memo) => first(() => todos.write(draft, memo)),
      finish: (key, memo) => first(() => todos.finish(key, memo)),
    },
  };
}
