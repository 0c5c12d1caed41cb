import { epochMs, type Instant } from '@quartermaster/domain';
import { standingFigures, type FlowWorld, type StandingFigures } from '@quartermaster/flows';
import { JournalError } from '@quartermaster/journal';
import { seldom } from '../seldom.ts';
import type { GaugeName } from './metric-catalogue.ts';
import type { Metrics } from './registry.ts';

const ofJournal = [
  'qm_orders',
  'qm_parcels',
  'qm_intents',
  'qm_oldest_intent_age_seconds',
  'qm_exceptions_open',
  'qm_oldest_exception_age_seconds',
  'qm_inbox_waiting',
  'qm_circuit_open',
  'qm_retry_budget_left',
  'qm_channel_lag_seconds',
  'qm_intake_held_back',
  'qm_published_stock_age_seconds',
  'qm_replicas',
] as const satisfies readonly GaugeName[];

/** However often it is asked, the journal is read at most so often. */
const leastMs = 5_000;

/**
 * Gives the metrics as text, those of the journal read for it. A journal that cannot be read makes `qm_journal_up` 0 and leaves its figures out; the rest is told all the same.
 */
export function scrape(
  metrics: Metrics,
  context: Pick<FlowWorld, 'journal' | 'settings' | 'clock'>,
  given: { readonly pullEveryMs: number },
): () => Promise<string> {
  const look = seldom(async () => {
    const figures = await figuresOrNull(context, given);
    for (const gauge of ofJournal) metrics.clear(gauge);
    metrics.set('qm_journal_up', {}, figures === null ? 0 : 1);
    if (figures !== null) setGauges(metrics, figures, context.clock.now());
  }, leastMs);
  return async () => {
    await look();
    return metrics.text();
  };
}

async function figuresOrNull(context: Parameters<typeof standingFigures>[0], given: { readonly pullEveryMs: number }) {
  try {
    return await standingFigures(context, given);
  } catch (error) {
    if (error instanceof JournalError) return null;
    throw error;
  }
}

function setGauges(metrics: Metrics, figures: StandingFigures, now: Instant): void {
  const ageOf = (at: Instant) => (epochMs(now) - epochMs(at)) / 1_000;
  for (const [state, count] of figures.orders) metrics.set('qm_orders', { state }, count);
  for (const [state, count] of figures.parcels) metrics.set('qm_parcels', { state }, count);
  for (const { connection, kind, state, count } of figures.intents) metrics.set('qm_intents', { connection, kind, state }, count);
  for (const { code, owner, count, oldestAt } of figures.exceptions) {
    metrics.set('qm_exceptions_open', { code, owner }, count);
    metrics.set('qm_oldest_exception_age_seconds', { code, owner }, ageOf(oldestAt));
  }
  for (const { connection, kind, count } of figures.arrivals) metrics.set('qm_inbox_waiting', { connection, kind }, count);
  for (const { connection, circuit, oldestIntentMs, lagMs, lastPull, heldBack, retriesLeft } of figures.connections) {
    metrics.set('qm_circuit_open', { connection }, circuit === 'closed' ? 0 : 1);
    metrics.set('qm_oldest_intent_age_seconds', { connection }, (oldestIntentMs ?? 0) / 1_000);
    metrics.set('qm_retry_budget_left', { connection }, retriesLeft);
    if (lastPull === null || lagMs === null) continue;
    metrics.set('qm_channel_lag_seconds', { connection }, lagMs / 1_000);
    metrics.set('qm_intake_held_back', { connection }, heldBack ? 1 : 0);
  }
  if (figures.stockAgeMs !== null) metrics.set('qm_published_stock_age_seconds', {}, figures.stockAgeMs / 1_000);
  metrics.set('qm_replicas', {}, figures.replicas);
}
