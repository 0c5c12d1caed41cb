import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { metadataOf } from './label-purchase.ts';
import { faultOf, firstPurchase, given, ground, request } from './testing/given.ts';

const key = 'shop/1001/buy-label/S00042/1/1/1';

test('a label is bought at a rate that was saved before, under the key of the intent, and its raw answer is kept', async () => {
  const { carrier, sandbox, sent } = given();
  const mine = intentMemo(key);
  const seen: unknown[] = [];
  const watching = {
    ...mine,
    saveRefs(refs: Readonly<Record<string, string>>) {
      seen.push(Object.keys(refs).toSorted().join(' '), sandbox.snapshot().labels.length);
      return mine.saveRefs(refs);
    },
  };
  const label = await carrier.buy(request(), watching);
  expect(label).toMatchObject({ carrier: 'USPS', service: 'usps_ground_advantage', price: { minor: 600, currency: 'USD' } });
  expect(seen).toEqual(['doubtedRateIds purchaseOpenSince purchaseSentAt rateId', 0]);
  expect(sent.find(({ path }) => path === '/transactions')?.body).toEqual({
    rate: mine.refs['rateId'],
    label_file_type: 'PDF_4x6',
    metadata: key,
    async: false,
  });
  expect(await mine.rawAnswers()).toEqual([expect.stringContaining(label.trackingNumber)]);
});

test('a purchase whose answer was lost is found by its rate, and costs once', async () => {
  const { carrier, sandbox } = given({ faults: firstPurchase('drop-after') });
  const mine = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), mine))).facts.outcome).toBe('unknown');
  const found = await carrier.reconcile(request(), mine.refs, mine);
  const [label] = sandbox.snapshot().labels;
  expect(found).toMatchObject({ kind: 'found', result: { trackingNumber: label?.trackingNumber, price: { minor: 600 } } });
  expect(sandbox.snapshot().chargedMinor).toBe(600);
});

test('a purchase is sent once, however often other calls may be', async () => {
  const { carrier, sent } = given({
    faults: (_call, { method, url }) => (method === 'POST' && url.endsWith('/transactions') ? 'error-after' : null),
    options: { attempts: 5 },
  });
  await faultOf(carrier.buy(request(), intentMemo(key)));
  expect(sent.filter(({ method, path }) => method === 'POST' && path === '/transactions')).toHaveLength(1);
});

test('a purchase that did not arrive is waited for two minutes, and then made at a rate of its own', async () => {
  const { carrier, clock, sandbox } = given({ faults: firstPurchase('drop-before') });
  const mine = intentMemo(key);
  await faultOf(carrier.buy(request(), mine));
  const lost = mine.refs['rateId'];
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'pending', afterMs: 120_000 });
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'unknown', retry: { kind: 'after', ms: 120_000 } });
  await clock.sleep(120_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'absent' });
  await carrier.buy(request(), mine);
  expect(sandbox.snapshot().labels).toHaveLength(1);
  expect([mine.refs['rateId'] === lost, mine.refs['doubtedRateIds']]).toEqual([false, lost]);
});

test('a label that Shippo lists late is found all the same, and no second one is bought beside it', async () => {
  const { carrier, clock, sandbox } = given({ faults: firstPurchase('drop-after'), sandbox: { listLagMs: 90_000 } });
  const mine = intentMemo(key);
  await faultOf(carrier.buy(request(), mine));
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'pending', afterMs: 120_000 });
  await clock.sleep(120_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'found' });
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('a label that comes true after it was given up for lost is seen beside the new one, and a person is told of both', async () => {
  const { carrier, clock, sandbox } = given({ faults: firstPurchase('drop-after'), sandbox: { listLagMs: 300_000 } });
  const mine = intentMemo(key);
  await faultOf(carrier.buy(request(), mine));
  await carrier.reconcile(request(), mine.refs, mine);
  await clock.sleep(120_000);
  await carrier.buy(request(), mine);
  await clock.sleep(300_000);
  const ids = sandbox.snapshot().labels.map(({ transactionId }) => transactionId);
  const seen = await carrier.reconcile(request(), mine.refs, mine);
  expect([ids.length, seen.kind]).toEqual([2, 'cannot-tell']);
  expect(ids.every((id) => seen.kind === 'cannot-tell' && seen.check.includes(id))).toBe(true);
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'unknown', retry: { kind: 'never' } });
});

test('a label that Shippo is still making is pending, then found; nothing is bought beside it', async () => {
  const { carrier, clock, sandbox } = given({ sandbox: { trouble: (purchase) => (purchase === 0 ? 'slow' : null) } });
  const mine = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'unknown', retry: { kind: 'after', ms: 10_000 } });
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'pending', afterMs: 10_000 });
  expect((await faultOf(carrier.buy(request(), mine))).facts.outcome).toBe('unknown');
  await clock.sleep(46_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'found' });
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('a label that could not be made in the end is absent at once, because its rate was bought only once', async () => {
  const { carrier, clock } = given({ sandbox: { trouble: (purchase) => (purchase === 0 ? 'slow-refused' : null) } });
  const mine = intentMemo(key);
  await faultOf(carrier.buy(request(), mine));
  await clock.sleep(46_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'absent' });
  expect((await carrier.buy(request(), mine)).price.minor).toBe(600);
  expect(mine.refs['doubtedRateIds']).toBe('');
});

test('what Shippo refuses under a status of success is refused in its words, and the next attempt asks for a rate of its own', async () => {
  const { carrier, sandbox } = given({ sandbox: { trouble: (purchase) => (purchase === 0 ? 'refused' : null) } });
  const mine = intentMemo(key);
  const fault = await faultOf(carrier.buy(request(), mine));
  expect([fault.code, fault.facts.outcome, fault.facts.message]).toEqual([
    'refused',
    'not-applied',
    'USPS: The carrier refused the shipment.',
  ]);
  const refusedRate = mine.refs['rateId'];
  await carrier.buy(request(), mine);
  expect([mine.refs['rateId'] === refusedRate, mine.refs['doubtedRateIds'], sandbox.snapshot().labels.length]).toEqual([false, '', 1]);
});

test('a carrier that did not answer Shippo is asked again in three minutes', async () => {
  const { carrier } = given({ sandbox: { trouble: () => 'carrier-timeout' } });
  const { code, facts } = await faultOf(carrier.buy(request(), intentMemo(key)));
  expect([code, facts.outcome, facts.retry]).toEqual(['timeout', 'not-applied', { kind: 'after', ms: 180_000 }]);
});

test('a 429 that is not in the words of Shippo leaves a purchase in doubt', async () => {
  const { carrier } = given({ faults: firstPurchase('rate-limited') });
  const { code, facts } = await faultOf(carrier.buy(request(), intentMemo(key)));
  expect([code, facts.outcome]).toEqual(['rate-limited', 'unknown']);
});

test('a price is held against its limit before anything is bought, in the same currency', async () => {
  const { carrier, sandbox } = given();
  const limited = (minor: number, currency: string) => carrier.buy(request({ priceLimit: { minor, currency } }), intentMemo(key));
  expect((await faultOf(limited(599, 'USD'))).facts.message).toBe('the label costs 6.00 USD, more than its limit of 5.99 USD');
  expect((await faultOf(limited(9_999, 'EUR'))).facts.message).toBe('the price is in USD and its limit in EUR');
  expect(sandbox.snapshot().labels).toEqual([]);
  await limited(600, 'USD');
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('a service that nobody offers is refused with those that are', async () => {
  const { carrier } = given();
  const { facts } = await faultOf(carrier.buy(request({ service: 'by_pigeon' }), intentMemo(key)));
  expect([facts.message, facts.advice]).toEqual([
    'no carrier offers by_pigeon for this parcel',
    'Offered are usps_ground_advantage in USD.',
  ]);
});

test('a label that was given back is never handed out again under its key', async () => {
  const { carrier } = given();
  const mine = intentMemo(key);
  const label = await carrier.buy(request(), mine);
  await carrier.voidLabel(label, intentMemo('void'));
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'not-applied', retry: { kind: 'never' } });
  expect((await carrier.reconcile(request(), mine.refs, mine)).kind).toBe('cannot-tell');
});

test('should Shippo ever list more than a rate was asked for, no other label is taken for this one', async () => {
  const { carrier } = given({
    faults: firstPurchase('drop-before'),
    onTheWay: (asked) => (asked.method === 'GET' ? new Request(asked.url.replace(/rate=\w+&/, ''), asked) : asked),
  });
  const mine = intentMemo(key);
  await faultOf(carrier.buy(request(), mine));
  await carrier.buy(request(), intentMemo('beside'));
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'pending' });
});

test('labels are found again by their keys, also those that a lost journal knew of, and not those that were given back', async () => {
  const { carrier, clock } = given({ sandbox: { tariffs: [ground] } });
  await carrier.buy(request(), intentMemo('too-old'));
  await clock.sleep(60_000);
  const since = clock.now();
  const label = await carrier.buy(request(), intentMemo(key));
  await carrier.voidLabel(await carrier.buy(request(), intentMemo('back')), intentMemo('void'));
  const found = [];
  for await (const one of carrier.labelsSince?.(since) ?? []) found.push(one);
  expect(found.map((one) => [one.key, one.label.trackingNumber])).toEqual([[key, label.trackingNumber]]);
  const restored = intentMemo(key);
  await restored.saveRefs(found[0]?.refs ?? {});
  expect((await carrier.buy(request(), restored)).trackingNumber).toBe(label.trackingNumber);
});

test('a key that is too long for Shippo goes by a name made of it', () => {
  const long = `${key}/`.repeat(4);
  expect(metadataOf(key)).toBe(key);
  expect(metadataOf(long)).toMatch(/^qm-[0-9a-f]{64}$/);
  expect(metadataOf(long)).not.toBe(metadataOf(`${long}2`));
});
