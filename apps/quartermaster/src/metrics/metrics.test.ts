import { createEngine, settle, type FlowWorld } from '@quartermaster/flows';
import { expect, test } from 'vitest';
import { observedJournal } from '../observed-journal.ts';
import { observedPorts } from '../observed-ports.ts';
import { openSmallBusiness, type SmallBusiness } from '../testing/small-business.ts';
import { eventMetrics } from './event-metrics.ts';
import { scrape } from './journal-gauges.ts';
import { metricCatalogue } from './metric-catalogue.ts';
import { createMetrics, mostLabelValues } from './registry.ts';
import { callMetrics, journalMetrics, stepMetrics } from './step-metrics.ts';

/** A business whose daemon is measured. */
async function measured() {
  const business = await openSmallBusiness();
  const metrics = createMetrics({ ofNode: false });
  const world: FlowWorld = {
    ...business.context,
    ...observedPorts(business.context, callMetrics(metrics)),
    journal: observedJournal(business.journal, journalMetrics(metrics)),
    around: stepMetrics(metrics),
    log: eventMetrics(metrics),
  };
  const engine = createEngine(world);
  const text = scrape(metrics, world, { pullEveryMs: 60_000 });
  const day = async (orders: number) => {
    for (let order = 0; order < orders; order += 1) await placeOrder(business);
    await engine.pull('shop');
    await engine.publish();
    business.clock.advanceTo('2026-11-23T10:00:00.000Z');
    await engine.wave('2026-11-23T10:00:00.000Z');
    await settle(engine, business.clock);
  };
  return { business, metrics, engine, day, series: async () => seriesOf(await text()) };
}

const ada = { name: 'Ada Example', address1: 'Invalidenstr. 1', zip: '10115', city: 'Berlin', countryCode: 'DE' };
async function placeOrder({ shop }: SmallBusiness): Promise<void> {
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, shippingPrice: '4.90' });
}

/** Every series with its value. */
function seriesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

test('a day with orders shows in the figures of the journal, of intents, of calls and of the wave', async () => {
  const { day, series } = await measured();
  await day(3);

  const seen = await series();

  const values = [
    'qm_journal_up',
    'qm_orders{state="shipped"}',
    'qm_orders_taken_total{connection="shop"}',
    'qm_intent_outcomes_total{connection="erp",kind="write-order",outcome="done"}',
    'qm_intent_outcomes_total{connection="shop",kind="confirm",outcome="done"}',
    'qm_vendor_call_seconds_count{connection="erp",operation="writeOrder",outcome="ok"}',
    'qm_step_seconds_count{step="wave",outcome="ok"}',
    'qm_wave_orders',
    'qm_circuit_open{connection="shop"}',
    'qm_retry_budget_left{connection="shop"}',
    'qm_channel_lag_seconds{connection="shop"}',
    'qm_intake_held_back{connection="shop"}',
    'qm_published_stock_age_seconds',
    'qm_work_under_way{step="attempt"}',
  ].map((name) => [name.replace(/^qm_/, '').replace(/[{].*/, ''), seen.get(name)]);
  expect(values).toEqual([
    ['journal_up', 1],
    ['orders', 3],
    ['orders_taken_total', 3],
    ['intent_outcomes_total', 3],
    ['intent_outcomes_total', 3],
    ['vendor_call_seconds_count', 3],
    ['step_seconds_count', 1],
    ['wave_orders', 3],
    ['circuit_open', 0],
    ['retry_budget_left', 100],
    ['channel_lag_seconds', 3 * 3_600],
    ['intake_held_back', 0],
    ['published_stock_age_seconds', 3 * 3_600],
    ['work_under_way', 0],
  ]);
  expect([...seen.keys()].filter((name) => name.startsWith('qm_journal_transaction_seconds_count'))).toHaveLength(2);
});

test('ten times the orders make not one series more, and no label names an order', async () => {
  const [few, many] = await Promise.all([measured(), measured()]);
  await few.day(1);
  await many.day(10);

  const names = [...(await many.series()).keys()];

  expect(names.toSorted()).toEqual([...(await few.series()).keys()].toSorted());
  expect(names.filter((name) => /order\/|#?100\d|gid|Ada/.test(name))).toEqual([]);
});

test('whatever is put into a label, it never has more values than are allowed', async () => {
  const metrics = createMetrics({ ofNode: false });

  for (let order = 0; order < 5 * mostLabelValues; order += 1) metrics.count('qm_orders_taken_total', { connection: `order-${order}` });

  const series = [...seriesOf(await metrics.text())].filter(([name]) => name.startsWith('qm_orders_taken_total'));
  expect(series).toHaveLength(mostLabelValues + 1);
  expect(new Map(series).get('qm_orders_taken_total{connection="other"}')).toBe(4 * mostLabelValues);
});

test('what waits for a person and what failed is told by code', async () => {
  const { business, series } = await measured();
  const key = await business.order();
  await business.failedIntent(key);
  await business.journal.transaction((tx) =>
    tx.exceptions.raise({ code: 'ship-failed', subjectKey: key, owner: 'ben', reason: 'no', at: '2026-11-23T06:00:00.000Z' }),
  );

  const seen = await series();

  expect(seen.get('qm_exceptions_open{code="ship-failed",owner="ben"}')).toBe(1);
  expect(seen.get('qm_oldest_exception_age_seconds{code="ship-failed",owner="ben"}')).toBe(3_600);
});

test('without its journal the process still tells what it knows, and that the journal is away', async () => {
  const { business, day, series } = await measured();
  await day(1);
  await business.journal.close();

  const seen = await series();

  expect(seen.get('qm_journal_up')).toBe(0);
  expect(seen.get('qm_orders{state="shipped"}')).toBeUndefined();
  expect(seen.get('qm_orders_taken_total{connection="shop"}')).toBe(1);
});

test('what alerts see the increase of begins at 0', async () => {
  const { series } = await measured();

  const seen = await series();

  expect(seen.get('qm_events_total{event="step.failed",level="error"}')).toBe(0);
  expect(seen.get('qm_step_seconds_count{step="wave",outcome="ok"}')).toBe(0);
  expect(seen.get('qm_lease_takeovers_total')).toBe(0);
});

test('memory, CPU and the lag of the event loop of the process are among them', async () => {
  const text = await createMetrics().text();

  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
    expect(text).toContain(`\n${name} `);
});

test.each(Object.entries(metricCatalogue))('%s says what it is, under a name of ours with its unit', (name, { type, help }) => {
  const unit = { counter: '_total', histogram: '_seconds', gauge: '' }[type];
  expect(name).toMatch(new RegExp(`^qm_[a-z_]+${unit}$`));
  expect(help).toMatch(/\.$/);
});
