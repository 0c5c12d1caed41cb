import { once } from 'node:events';
import { createServer } from 'node:http';
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { systemClock } from '@quartermaster/connector-kit';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { instantOf, type Clock } from '@quartermaster/domain';
import { createEngine, settle, type FlowWorld } from '@quartermaster/flows';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { observedPorts } from '../observed-ports.ts';
import { openSmallBusiness, type SmallBusiness } from '../testing/small-business.ts';
import { orderTraces, type OrderTraces } from './order-traces.ts';
import { startTraces } from './start-traces.ts';
import { orderTraceIds } from './trace-ids.ts';

/** Another process over the same business, with traces of its own. */
function replica(business: SmallBusiness, traces: Pick<OrderTraces, 'log' | 'around' | 'aroundCall'>) {
  const world: FlowWorld = {
    ...business.context,
    ...observedPorts(business.context, traces.aroundCall),
    around: traces.around,
    log: traces.log,
  };
  return createEngine(world);
}

function inMemory(clock: Pick<Clock, 'now'> = virtualClock(wave), share = 1) {
  const exporter = new InMemorySpanExporter();
  const traces = orderTraces({ processor: new SimpleSpanProcessor(exporter), share, service: { 'service.name': 'test' }, clock });
  return { traces, spans: () => exporter.getFinishedSpans() };
}

const names = (spans: readonly ReadableSpan[]) => spans.map(({ name }) => name);
const wave = '2026-11-23T10:00:00.000Z';

test('one trace leads through intake, checks, sourcing and every write to the outside, whichever replica and process made it', async () => {
  const business = await openSmallBusiness();
  const [first, second] = [inMemory(), inMemory()];
  const [reads, works] = [replica(business, first.traces), replica(business, second.traces)];
  business.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
  await reads.pull('shop');
  business.clock.advanceTo(wave);
  await reads.wave(wave);
  await settle(works, business.clock);

  const [key] = await business.journal.read(async (tx) => (await tx.audit.list({ limit: 1 })).map((row) => row.key));
  const all = [...first.spans(), ...second.spans()];

  expect(new Set(all.map((span) => span.spanContext().traceId))).toEqual(new Set([orderTraceIds(key ?? '').traceId]));
  expect(names(first.spans())).toEqual(['order', 'intake', 'checks', 'sourcing', 'released']);
  expect(names(second.spans())).toEqual([
    'erp writeOrder',
    'write-order',
    'house buy',
    'buy-label',
    'erp ship',
    'ship',
    'shop confirmShipment',
    'confirm',
  ]);
});

test('a call to a vendor hangs on its attempt, and the attempt on the order', async () => {
  const { business, spans } = await aDay();

  const byName = new Map(spans().map((span) => [span.name, span]));
  const [root, attempt, call] = ['order', 'write-order', 'erp writeOrder'].map((name) => byName.get(name));

  expect(root?.spanContext().spanId).toBe(orderTraceIds(String(root?.attributes['qm.order'])).spanId);
  expect(attempt?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
  expect(call?.parentSpanContext?.spanId).toBe(attempt?.spanContext().spanId);
  expect(attempt?.attributes).toMatchObject({ 'qm.connection': 'erp', 'qm.attempt': 1, 'qm.outcome': 'done', 'qm.looked-up': false });
  expect(attempt?.events.map(({ name }) => name)).toContain('order.written');
  expect(business.shop.snapshot().orders).toHaveLength(1);
});

test('spans are as of the clock that everything else goes by', async () => {
  const { spans } = await aDay();
  const begins = new Map(spans().map((span) => [span.name, instantOf(span.startTime[0] * 1_000 + span.startTime[1] / 1e6)]));
  expect([begins.get('intake'), begins.get('write-order')]).toEqual(['2026-11-23T07:00:00.000Z', wave]);
});

test('an attempt that failed says by which code, and nothing of what was said', async () => {
  const { spans } = await aDay((business) => ({
    ...business.context.erp,
    writeOrder: () => Promise.reject(new TypeError('Ada Example has no address')),
  }));

  const attempt = spans().find(({ name }) => name === 'write-order');

  expect(attempt?.status).toEqual({ code: 2 });
  expect(attempt?.attributes).toMatchObject({ 'qm.code': 'bug' });
  expect(JSON.stringify(spans().map(({ attributes, events, status }) => ({ attributes, events, status })))).not.toMatch(
    /Ada|Invaliden|10115/,
  );
});

test('orders that are not of the share leave no span, on no replica', async () => {
  const { spans } = await aDay((business) => business.context.erp, 0);
  expect(spans()).toEqual([]);
});

test('spans reach a collector over HTTP with its key, without a word about a person', async () => {
  const collector = await openCollector();
  const asked = { endpoint: collector.url, headers: { 'x-key': { env: 'KEY' } }, share: 1 };
  const traces = await startTraces(asked, () => 'key-of-the-collector', { version: '1.2.3', clock: systemClock, environment: {} });
  const business = await openSmallBusiness();
  const engine = replica(business, traces ?? inMemory().traces);
  business.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
  await engine.pull('shop');
  await traces?.close();

  const [got] = collector.requests;
  expect(got).toMatchObject({ path: '/v1/traces', key: 'key-of-the-collector' });
  expect(spanNamesOf(got?.body)).toEqual(['order', 'intake', 'checks']);
  expect(got?.body).toContain('"stringValue":"1.2.3"');
  expect(got?.body).not.toMatch(/Ada|Invaliden|10115/);
});

test.each([
  ['nothing is said', undefined, {}, false],
  ['the config says so', { headers: {}, share: 1 }, {}, true],
  ['the standard variable names a collector', undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ['the standard variables switch them off', { headers: {}, share: 1 }, { OTEL_SDK_DISABLED: 'true' }, false],
  ['the standard variables want no traces', { headers: {}, share: 1 }, { OTEL_TRACES_EXPORTER: 'none' }, false],
])('when %s', async (_what, asked, environment, on) => {
  const traces = await startTraces(asked, () => '', { version: '1', clock: systemClock, environment });
  expect(traces !== null).toBe(on);
  await traces?.close();
});

const ada = { name: 'Ada Example', address1: 'Invalidenstr. 1', zip: '10115', city: 'Berlin', countryCode: 'DE' };

/** One order from the shop to its confirmation, in one process. */
async function aDay(erp: (business: SmallBusiness) => FlowWorld['erp'] = ({ context }) => context.erp, share = 1) {
  const business = await openSmallBusiness();
  const { traces, spans } = inMemory(business.clock, share);
  const engine = replica({ ...business, context: { ...business.context, erp: erp(business) } }, traces);
  business.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
  await engine.pull('shop');
  business.clock.advanceTo(wave);
  await engine.wave(wave);
  await settle(engine, business.clock);
  return { business, spans };
}

async function openCollector() {
  const requests: { path: string; key: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', key: String(request.headers['x-key']), body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return { requests, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
}

const otlpSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(z.object({ name: z.string() })) })) })),
});

function spanNamesOf(body: string | undefined): string[] {
  const { resourceSpans } = otlpSchema.parse(JSON.parse(body ?? ''));
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)));
}
