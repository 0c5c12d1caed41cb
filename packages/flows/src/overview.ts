import { epochMs, instantOf, type Clock, type Instant, type TrackingState } from '@quartermaster/domain';
import type { OrderState } from '@quartermaster/fulfilment';
import type { JournalReader, OpenExceptions, ReadTransaction, UnfinishedIntents } from '@quartermaster/journal';
import { exceptionQueue, type QueuedException } from './exceptions/exception-queue.ts';
import { heldByCode, type HeldOrders } from './exceptions/held-orders.ts';
import { ownerQueues, type OwnerQueue } from './exceptions/owner-queues.ts';
import { listApprovals, type StoredApproval } from './maturity/approvals.ts';
import { freezeOf, type Freeze } from './maturity/freeze.ts';
import { maturityOf, type FlowMaturity } from './maturity/maturity-view.ts';
import { policyStamp, type PolicyStamp } from './policy/policy-hash.ts';
import { settingsInForce } from './policy/policy-in-force.ts';
import { readiness, type ConnectionReadiness } from './readiness.ts';
import type { FlowSettings } from './settings.ts';
import { oversellStanding, type OversellStanding } from './stock/oversell-monitor.ts';
import { stockSeen, type StockSeen } from './stock/stock-seen.ts';
import { parcelKind } from './tracking/parcels.ts';
import { comparisonOf, type Comparison } from './waves/comparison.ts';
import { waveKind } from './waves/baseline.ts';
import { flowBoardOf, type FlowBoard } from './waves/flow-board.ts';
import { waveRecordSchema, wavesMemory, type WaveRecord } from './waves/wave.ts';

/** How a running system stands. Everything but the comparison and the desk is counted where it lies, whatever the journal holds. */
export type Overview = Desk & {
  readonly currency: string;
  /** Orders by state; a state that none is in is missing. */
  readonly orders: Readonly<Partial<Record<OrderState, number>>>;
  /** Parcels that are followed, by where they are; a state that none is in is missing. */
  readonly parcels: Readonly<Partial<Record<TrackingState, number>>>;
  readonly intents: readonly UnfinishedIntents[];
  readonly openExceptions: readonly OpenExceptions[];
  /** The oldest of the open ones, with owner, clock and next action. */
  readonly exceptions: readonly QueuedException[];
  /** The first of what waits for the word of a person. */
  readonly approvals: readonly StoredApproval[];
  /** The dial of every flow, with the agreement that was measured in the last month. */
  readonly maturity: readonly FlowMaturity[];
  readonly policy: PolicyStamp;
  /** Null when policy and modes may be changed. */
  readonly freeze: Freeze | null;
  /** Of the last week, oldest first. */
  readonly waves: readonly WaveRecord[];
  /** As of the last wave; null before the first. */
  readonly comparison: Comparison | null;
  /** Null before anything was published. */
  readonly stock: StockSeen | null;
};

/** What an order desk acts on: read from the active orders and the whole queue, so it is at most half a minute old. */
type Desk = {
  /** What waits at each node, and whether it is done in time. */
  readonly flow: FlowBoard;
  readonly held: readonly HeldOrders[];
  readonly owners: readonly OwnerQueue[];
  readonly connections: readonly ConnectionReadiness[];
  readonly oversell: OversellStanding;
};

type OverviewGiven = {
  readonly journal: JournalReader;
  readonly settings: FlowSettings;
  readonly clock: Clock;
  /** How often channels are read. */
  readonly pullEveryMs: number;
};

/**
 * Makes the overview of a journal whenever it is asked for. What the plan and the usual rule cost is computed once after each wave, from the orders that were active or compared then, and
 * kept; it is as of the last wave.
 */
export function overview(given: OverviewGiven): () => Promise<Overview> {
  const { journal, settings, clock } = given;
  let last: { readonly slot: Instant; readonly comparison: Comparison } | null = null;
  let desk: Desk | null = null;
  return async () => {
    if (desk === null || epochMs(clock.now()) - epochMs(desk.flow.at) > deskAgeMs) desk = await deskOf(given);
    const standing = desk;
    return journal.read(async (tx) => {
      const held = settingsInForce(settings);
      const waves = await wavesOfLate(tx, clock);
      const slot = waves.at(-1)?.slot;
      if (slot !== undefined && last?.slot !== slot) {
        const cases = (await wavesMemory(tx)).cases.map((stored) => stored.case);
        last = { slot, comparison: await comparisonOf(tx, cases, waves, held) };
      }
      return {
        ...standing,
        currency: settings.currency,
        orders: Object.fromEntries(await tx.records.count('order')),
        parcels: Object.fromEntries(await tx.counts.waitingRecords(parcelKind)),
        intents: await tx.counts.unfinishedIntents(),
        openExceptions: await tx.counts.openExceptions(),
        exceptions: await exceptionQueue(tx, { open: true, limit: shown }, { policy: held.exceptions, now: clock.now() }),
        approvals: await listApprovals(tx, { limit: shown }),
        maturity: await maturityOf(tx, { settings: held, now: clock.now() }),
        policy: policyStamp(held),
        freeze: await freezeOf(tx, clock.now()),
        waves,
        comparison: last?.comparison ?? null,
        stock: await stockSeen(tx),
      };
    });
  };
}

async function deskOf(given: OverviewGiven): Promise<Desk> {
  const { journal, clock } = given;
  const context = { journal, clock, settings: settingsInForce(given.settings) };
  const { settings } = context;
  const now = clock.now();
  const connections = await readiness(context, given);
  return journal.read(async (tx) => {
    const cases = (await wavesMemory(tx)).cases.map((stored) => stored.case);
    const queue = await exceptionQueue(tx, { open: true, limit: Number.MAX_SAFE_INTEGER }, { policy: settings.exceptions, now });
    return {
      flow: await flowBoardOf(tx, cases, settings, now),
      held: heldByCode(cases, settings),
      owners: ownerQueues(queue),
      connections,
      oversell: await oversellStanding(tx, context),
    };
  });
}

/** Reading all active orders is dear, and the page is looked at again and again. */
const deskAgeMs = 30_000;

/** Exceptions that are shown one by one. */
const shown = 50;

/** The waves of the last week. Their keys are instants, which sort as text. */
async function wavesOfLate(tx: ReadTransaction, clock: Clock): Promise<WaveRecord[]> {
  const after = instantOf(epochMs(clock.now()) - 7 * 24 * 3_600_000);
  return (await tx.records.list(waveKind, waveRecordSchema, { after, limit: 10_000 })).map(({ body }) => body);
}
