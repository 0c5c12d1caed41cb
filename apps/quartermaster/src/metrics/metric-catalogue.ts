/** What a metric is: `labels` are its dimensions, each with few values (connections, states, codes), never an order, a SKU or a person. */
type Metric = {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
};

const gauge = <const Labels extends readonly string[]>(help: string, ...labels: Labels) => ({ type: 'gauge', help, labels }) as const;
const counter = <const Labels extends readonly string[]>(help: string, ...labels: Labels) => ({ type: 'counter', help, labels }) as const;
const histogram = <const Labels extends readonly string[]>(buckets: readonly number[], help: string, ...labels: Labels) =>
  ({ type: 'histogram', help, labels, buckets }) as const;

const ofCalls = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const ofSteps = [0.05, 0.25, 1, 5, 15, 60, 180, 600];
const ofTransactions = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** Every metric of ours. Gauges of the journal are read when they are asked for and are the same on every replica; counters and histograms are of this process since its start. */
export const metricCatalogue = {
  qm_journal_up: gauge('1 while the journal can be read.'),
  qm_orders: gauge('Orders by state.', 'state'),
  qm_parcels: gauge('Parcels that are followed, by where they are.', 'state'),
  qm_intents: gauge('Writes to the outside that are not finished, by connection, kind and state.', 'connection', 'kind', 'state'),
  qm_oldest_intent_age_seconds: gauge('Age of the oldest write that is on its way; 0 when none is.', 'connection'),
  qm_exceptions_open: gauge('What waits for a person.', 'code', 'owner'),
  qm_oldest_exception_age_seconds: gauge('How long the oldest of them has been waiting.', 'code', 'owner'),
  qm_inbox_waiting: gauge('What came in and is not followed up yet.', 'connection', 'kind'),
  qm_circuit_open: gauge('1 while a connection is left alone, because it failed or because a person paused it.', 'connection'),
  qm_retry_budget_left: gauge('Retries that a connection may still have at once.', 'connection'),
  qm_channel_lag_seconds: gauge('How long ago the last whole reading of a channel began.', 'connection'),
  qm_intake_held_back: gauge('1 while a channel is read no further, because too much of it waits.', 'connection'),
  qm_published_stock_age_seconds: gauge('How old the stock is that the channels were last given.'),
  qm_replicas: gauge('Daemons that share the journal.'),
  qm_work_under_way: gauge('Steps of this process that are under way.', 'step'),
  qm_wave_orders: gauge('Orders of the last wave of this process.'),
  qm_wave_shipments: gauge('Shipments that it planned.'),
  qm_wave_cost_minor: gauge('What its plan costs, by term, in minor units of the currency.', 'term'),
  qm_wave_gap: gauge('By which share a perfect plan could at most have been cheaper.'),
  qm_events_total: counter('Events by name (docs/events.md).', 'event', 'level'),
  qm_intent_outcomes_total: counter(
    'How writes ended: done, failed, dead, unknown, obsolete, lease-lost.',
    'connection',
    'kind',
    'outcome',
  ),
  qm_intent_faults_total: counter('Attempts that failed, by fault (docs/faults.md).', 'connection', 'code'),
  qm_orders_taken_total: counter('Orders and revisions that were new.', 'connection'),
  qm_circuit_openings_total: counter('How often a connection began to be left alone.', 'connection'),
  qm_retries_spread_total: counter('Retries beyond the budget of a connection.', 'connection'),
  qm_lease_takeovers_total: counter('Leases that were taken up after their holder had let them run out.'),
  qm_intents_recovered_total: counter('Writes that were taken back from a dead process.'),
  qm_vendor_call_seconds: histogram(
    ofCalls,
    'Calls of a connection by operation; outcome is ok or the code of the fault.',
    'connection',
    'operation',
    'outcome',
  ),
  qm_step_seconds: histogram(ofSteps, 'Steps: pull, wave, publish, attempt, look-up.', 'step', 'outcome'),
  qm_journal_transaction_seconds: histogram(
    ofTransactions,
    'Reads and transactions of the journal, waiting for their turn included.',
    'mode',
    'outcome',
  ),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metricCatalogue;
type OfType<Type extends Metric['type']> = {
  [Name in MetricName]: (typeof metricCatalogue)[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type GaugeName = OfType<'gauge'>;
export type CounterName = OfType<'counter'>;
export type HistogramName = OfType<'histogram'>;
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof metricCatalogue)[Name]['labels'][number], string>>;
