import { epochMs, instantOf, type NodeId, type StockPosition } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { tell } from '../stock/tell.ts';
import { readCount, type CountFile } from './count-file.ts';
import { countSchema, sellableBySku, type Count } from './counted-stock.ts';

/** Nodes whose stock is told by files of somebody else, such as a logistics provider, and not by the ERP. */
export const countNodeSchema = z.strictObject({
  node: z.string().min(1),
  /** A count that is older is told to a person; it counts all the same, less what is sold meanwhile. */
  freshHours: z.number().positive().default(26),
});

/** The newest file of a node; null where there is none. Throws what reading throws. */
export type ReadCountFile = (node: NodeId) => Promise<CountFile | null>;

const kind = 'count';
const code = 'count-unreadable';

/**
 * Takes in the newest file of each counted node: one that can be read is kept, of any other a person is told and the last good one stays. `positions` are the ERP's own.
 */
export async function takeCounts(context: FlowContext, positions: readonly StockPosition[]): Promise<void> {
  const { settings, journal, clock } = context;
  for (const { node, freshHours } of settings.counts) {
    const { file, problem } = await newestOf(context, node);
    const read = file === null ? null : readCount(file);
    await journal.transaction(async (tx) => {
      const before = await tx.records.get(kind, node, countSchema);
      let kept = before?.body ?? null;
      if (file !== null && read?.kind === 'read' && (kept === null || kept.file !== file.name || kept.countedAt < read.countedAt)) {
        const erp = Object.fromEntries(sellableBySku(positions.filter((each) => each.node === node && each.kit === null)));
        kept = { file: file.name, countedAt: read.countedAt, rows: [...read.rows], erp };
        await tx.records.put(kind, node, { state: 'current', body: kept, at: clock.now(), version: before?.version ?? 0 });
      }
      const bad = read?.kind === 'unreadable' ? `${read.problems.length} problems: ${read.problems.slice(0, 3).join('; ')}` : problem;
      await tell(tx, context, { code, subjectKey: node }, reasonOf(bad, kept, instantOf(epochMs(clock.now()) - freshHours * 3_600_000)));
    });
  }
}

/** The counts that stand, by node; null for one that never was counted. */
export async function standingCounts(
  tx: ReadTransaction | Transaction,
  { settings }: Pick<FlowContext, 'settings'>,
): Promise<Map<NodeId, Count | null>> {
  const counts = new Map<NodeId, Count | null>();
  for (const { node } of settings.counts) counts.set(node, (await tx.records.get(kind, node, countSchema))?.body ?? null);
  return counts;
}

async function newestOf({ readCountFile }: FlowContext, node: NodeId): Promise<{ file: CountFile | null; problem: string | null }> {
  if (readCountFile === undefined) return { file: null, problem: 'no folder is read for it' };
  try {
    const file = await readCountFile(node);
    return { file, problem: file === null ? 'its folder holds no file' : null };
  } catch {
    return { file: null, problem: 'its folder cannot be read' };
  }
}

function reasonOf(bad: string | null, kept: Count | null, oldest: string): string | null {
  const stands = kept === null ? 'nothing of it is for sale' : `the count of ${kept.countedAt} stands`;
  if (bad !== null) return `${bad}; ${stands}`;
  return kept !== null && kept.countedAt < oldest ? `no newer count than that of ${kept.countedAt}` : null;
}
