import { isFault } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { firstId, importFault, type Table } from '../session/import-table.ts';
import { recordNamed } from '../session/look-up.ts';
import type { Session } from '../session/session.ts';

/** A record that an external id of ours stands for, and whether this call made it. */
export type Claimed = { readonly id: number; readonly isNew: boolean };

/**
 * The record of an external id, made by one import if it is not there: id and record come into being together, so of any number of callers one makes it and the others find it. A
 * record that is there is never imported again, because that would undo what people and later steps did to it. The import names the external id in its column `id`.
 */
export async function claim(session: Session, model: string, externalId: string, table: () => Promise<Table> | Table): Promise<Claimed> {
  const there = await recordNamed(session, model, externalId);
  if (there !== null) return { id: there, isNew: false };
  const { fields, rows } = await table();
  try {
    const loaded = await session.client.load(model, fields, rows, 'never');
    if (loaded.kind === 'loaded') return { id: firstId(loaded.ids, `${model}.load`), isNew: true };
    throw importFault(loaded, `${model}.load`);
  } catch (error) {
    // Somebody else may have made it since we looked, or the answer was lost.
    if (!isFault(error) || (error.facts.outcome === 'not-applied' && error.code !== 'conflict')) throw error;
    const meanwhile = await recordNamed(session, model, externalId);
    if (meanwhile === null) throw error;
    return { id: meanwhile, isNew: false };
  }
}

/** Throws `invalid-request` for a number of units that cannot be moved. */
export function demandUnits(units: number, operation: string): void {
  if (Number.isFinite(units) && units > 0) return;
  throw odooFault('invalid-request', operation, `${units} is no number of units to move`, { advice: 'Give a number above 0.' });
}
