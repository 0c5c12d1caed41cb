import { epochMs, instantOf, isFault, type ErpPast } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import type { LookContext } from '../drift/look.ts';

/** Something of the ERP's past that is kept in the journal: it changes slowly, and reading months of it is dear. */
export type KeptPast<Past> = { readonly kind: string; readonly schema: z.ZodType<Past> };

const key = 'current';
/** It is read anew after this long. */
const freshMs = 6 * 3_600_000;

/**
 * Reads so many days of the ERP's past anew when what is kept is old or of another time. What the ERP does not let its user see is told, and what was kept goes on. Throws its other faults.
 */
export async function refreshPast<Past>(
  context: FlowContext,
  { kind, schema }: KeptPast<Past>,
  { days, read }: { readonly days: number; readonly read: () => Promise<Past> },
): Promise<void> {
  const { journal, clock } = context;
  const kept = z.object({ days: z.int(), past: schema });
  const at = clock.now();
  const before = await journal.read((tx) => tx.records.get(kind, key, kept));
  if (before !== null && before.body.days === days && epochMs(at) - epochMs(before.changedAt) < freshMs) return;
  try {
    const past = await read();
    await journal.transaction(async (tx) => {
      const version = (await tx.records.get(kind, key, kept))?.version ?? 0;
      await tx.records.put(kind, key, { state: 'current', body: { days, past }, at, version });
    });
  } catch (error) {
    if (!isFault(error) || error.code !== 'forbidden') throw error;
    context.log({ at, event: 'stock.history-not-read', connection: context.erp.connection, code: error.code });
  }
}

/** As it was read last; null when it never was. */
export async function keptPast<Past>(tx: ReadTransaction | Transaction, { kind, schema }: KeptPast<Past>): Promise<Past | null> {
  return (await tx.records.get(kind, key, z.object({ past: schema })))?.body.past ?? null;
}

/** So many days of the nodes whose stock the ERP tells itself. */
export function pastDays({ settings, clock }: Pick<LookContext, 'settings' | 'clock'>, days: number): ErpPast {
  const elsewhere = new Set(settings.counts.map(({ node }) => node));
  const nodes = settings.nodes.map(({ id }) => id).filter((id) => !elsewhere.has(id));
  return { nodes, since: instantOf(epochMs(clock.now()) - days * 86_400_000) };
}
