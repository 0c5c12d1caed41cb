import { epochMs, instantOf, type Clock, type Instant, type TrackingState } from '@quartermaster/domain';
import type { OrderState } from '@quartermaster/fulfilment';
import type { JournalReader, OpenExceptions, ReadTransaction, UnfinishedIntents } from '@quartermaster/journal';
import { exceptionQueue, type QueuedException } from './exceptions/exception-queue.ts';
import { listApprovals, type StoredApproval } from './maturity/approvals.ts';
import { freezeOf, type Freeze } from './maturity/freeze.ts';
import { maturityOf, type FlowMaturity } from './maturity/maturity-view.ts';
import { policyStamp, type PolicyStamp } from './policy/policy-hash.ts';
import { settingsInForce } from './policy/policy-in-force.ts';
import type { FlowSettings } from './settings.ts';
import { stockSeen, type StockSeen } from './stock/stock-seen.ts';
import { parcelKind } from './tracking/parcels.ts';
import { comparisonOf, type Comparison } from './summary.ts';
import { waveKind } from './waves/baseline.ts';
import { flowBoardOf, type FlowBoard } from './waves/flow-board.ts';
import { waveRecordSchema, wavesMemory, type WaveRecord } from './waves/wave.ts';

/** How a running system stands. Everything but the comparison is counted where it lies, whatever the journal holds. */
export type Overview = {
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
  /** What waits at each node, and whether it is done in time; at most half a minute old. */
  readonly flow: FlowBoard;
  /** Null before anything was published. */
  readonly stock: StockSeen | null;
};

type OverviewGiven = { readonly journal: JournalReader; readonly settings: FlowSettings; readonly clock: Clock };

/**
 * Makes the overview of a journal whenever it is asked for. What the plan and the usual rule cost is computed once after each wave, from the orders that were active or compared then, and
 * kept; it is as of the last wave.
 */
export function overview({ journal, settings, clock }: OverviewGiven): () => Promise<Overview> {
  let last: { readonly slot: Instant; readonly comparison: Comparison } | null = null;
  let board: FlowBoard | null = null;
  const flow = async (tx: ReadTransaction): Promise<FlowBoard> => {
    const now = clock.now();
    if (board === null || epochMs(now) - epochMs(board.at) > flowAgeMs) board = await flowBoardOf(tx, settingsInForce(settings), now);
    return board;
  };
  return () =>
    journal.read(async (tx) => {
      const held = settingsInForce(settings);
      const waves = await wavesOfLate(tx, clock);
      const slot = waves.at(-1)?.slot;
      if (slot !== undefined && last?.slot !== slot) {
        const cases = (await wavesMemory(tx)).cases.map((stored) => stored.case);
        last = { slot, comparison: await comparisonOf(tx, cases, waves, settings) };
      }
      return {
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
        flow: await flow(tx),
        stock: await stockSeen(tx),
      };
    });
}

/** Reading all active orders is dear, and the page is looked at again and again. */
const flowAgeMs = 30_000;

/** Exceptions that are shown one by one. */
const shown = 50;

/** The waves of the last week. Their keys are instants, which sort as text. */
async function wavesOfLate(tx: ReadTransaction, clock: Clock): Promise<WaveRecord[]> {
  const after = instantOf(epochMs(clock.now()) - 7 * 24 * 3_600_000);
  return (await tx.records.list(waveKind, waveRecordSchema, { after, limit: 10_000 })).map(({ body }) => body);
}
