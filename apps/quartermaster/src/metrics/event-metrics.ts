import { toldOf, type EventLog, type KnownEvent } from '@quartermaster/flows';
import type { Metrics } from './registry.ts';

/** Counts what the flows tell. They know nothing of metrics: an event is told once, after its commit. */
export function eventMetrics(metrics: Metrics): EventLog {
  return (event) => {
    metrics.count('qm_events_total', { event: event.event, level: toldOf(event.event)?.level ?? 'error' });
    countIntent(metrics, event);
    switch (event.event) {
      case 'orders.pulled':
        return metrics.count('qm_orders_taken_total', { connection: event.connection ?? 'other' }, event.fresh ?? 0);
      case 'circuit.opened':
        return metrics.count('qm_circuit_openings_total', { connection: event.connection ?? 'other' });
      case 'retries.spread':
        return metrics.count('qm_retries_spread_total', { connection: event.connection ?? 'other' });
      case 'lease.taken-over':
        return metrics.count('qm_lease_takeovers_total', {});
      case 'intents.recovered':
        return metrics.count('qm_intents_recovered_total', {}, event.count ?? 0);
      case 'wave.decided':
        metrics.set('qm_wave_orders', {}, event.orders ?? 0);
        metrics.set('qm_wave_shipments', {}, event.shipments ?? 0);
        metrics.set('qm_wave_gap', {}, event.gap ?? 0);
        for (const [term, cost] of Object.entries(event.costMinor ?? {})) metrics.set('qm_wave_cost_minor', { term }, cost);
        return;
    }
  };
}

function countIntent(metrics: Metrics, event: KnownEvent): void {
  switch (event.event) {
    case 'intent.done':
    case 'intent.failed':
    case 'intent.dead':
    case 'intent.unknown':
    case 'intent.obsolete':
    case 'intent.lease-lost': {
      const { connection, kind } = event;
      const outcome = event.event.slice('intent.'.length);
      return metrics.count('qm_intent_outcomes_total', { connection: connection ?? 'other', kind: kind ?? 'other', outcome });
    }
    case 'intent.fault':
      return metrics.count('qm_intent_faults_total', { connection: event.connection ?? 'other', code: event.code ?? 'other' });
  }
}
