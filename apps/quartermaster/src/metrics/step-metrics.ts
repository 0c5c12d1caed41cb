import { isFault } from '@quartermaster/domain';
import type { Around } from '@quartermaster/flows';
import type { AroundCall } from '../observed-ports.ts';
import type { JournalTurn } from '../observed-journal.ts';
import type { Metrics } from './registry.ts';

/** Measures the steps of the flows, by the machine's own time. */
export function stepMetrics(metrics: Metrics): Around {
  for (const step of ['pull', 'wave', 'publish', 'attempt', 'look-up']) metrics.begin('qm_step_seconds', { step, outcome: 'ok' });
  const underWay = new Map<string, number>();
  const change = (step: string, by: number) => {
    const now = (underWay.get(step) ?? 0) + by;
    underWay.set(step, now);
    metrics.set('qm_work_under_way', { step }, now);
  };
  return async ({ kind: step }, work) => {
    change(step, 1);
    try {
      return await measured(work, (outcome, seconds) => metrics.observe('qm_step_seconds', { step, outcome }, seconds));
    } finally {
      change(step, -1);
    }
  };
}

/** Measures the calls of the ports. */
export function callMetrics(metrics: Metrics): AroundCall {
  return ({ connection, operation }, work) =>
    measured(work, (outcome, seconds) => metrics.observe('qm_vendor_call_seconds', { connection, operation, outcome }, seconds));
}

/** Measures the turns of the journal. */
export function journalMetrics(metrics: Metrics): (turn: JournalTurn) => void {
  return ({ mode, outcome, tookMs }) => metrics.observe('qm_journal_transaction_seconds', { mode, outcome }, tookMs / 1_000);
}

/** What went wrong, as one of few words: the code of a fault, or that it was a bug of ours. */
export function outcomeOf(error: unknown): string {
  return isFault(error) ? error.code : 'bug';
}

async function measured<Result>(work: () => Promise<Result>, tell: (outcome: string, seconds: number) => void): Promise<Result> {
  const began = performance.now();
  let outcome = 'ok';
  try {
    return await work();
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    tell(outcome, (performance.now() - began) / 1_000);
  }
}
