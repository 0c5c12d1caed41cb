import { eventCatalogue, toldOf, type EventLog, type KnownEvent } from '@quartermaster/flows';
import type { Metrics } from './registry.ts';

/** Counts what the flows tell. They know nothing of metrics: an event is told once, after its commit. */
export function eventMetrics(metrics: Metrics): EventLog {
  // An increase is seen from 0 on only.
  for (const [event, { level }] of Object.entries(eventCatalogue)) metrics.count('qm_events_total', { event, level }, 0);
  return (event) => {
    metrics.count('qm_events_total', { event: event.event, level: toldOf(event.event)?.level ?? 'error' });
    if ('kind' in event && 'attempt' in event) countIntent(metrics, event);
    if (event.event === 'wave.decided') showWave(metrics, event);
    if (event.event === 'orders.pulled')
      metrics.count('qm_orders_taken_total', { connection: event.connection ?? 'other' }, event.fresh ?? 0);
    if (event.event === 'circuit.opened') metrics.count('qm_circuit_openings_total', { connection: event.connection ?? 'other' });
    if (event.event === 'retries.spread') metrics.count('qm_retries_spread_total', { connection: event.connection ?? 'other' });
    if (event.event === 'lease.taken-over') metrics.count('qm_lease_takeovers_total', {});
    if (event.event === 'intents.recovered') metrics.count('qm_intents_recovered_total', {}, event.count ?? 0);
  };
}

type IntentEvent = Extract<KnownEvent, { readonly kind: unknown; readonly attempt: unknown }>;

function countIntent(metrics: Metrics, event: IntentEvent): void {
  const connection = event.connection ?? 'other';
  if (event.event === 'intent.fault') metrics.count('qm_intent_faults_total', { connection, code: event.code ?? 'other' });
  else metrics.count('qm_intent_outcomes_total', { connection, kind: event.kind ?? 'other', outcome: event.event.slice('intent.'.length) });
}

function showWave(metrics: Metrics, wave: Extract<KnownEvent, { readonly event: 'wave.decided' }>): void {
  metrics.set('qm_wave_orders', {}, wave.orders ?? 0);
  metrics.set('qm_wave_shipments', {}, wave.shipments ?? 0);
  metrics.set('qm_wave_gap', {}, wave.gap ?? 0);
  for (const [term, cost] of Object.entries(wave.costMinor ?? {})) metrics.set('qm_wave_cost_minor', { term }, cost);
}
