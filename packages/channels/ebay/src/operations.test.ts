import { intentMemo, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { isFault, money, type Refund } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ebayChannel } from './channel.ts';
import { createEbaySigningKey } from './signing-key.ts';
import { ada, givenSeller, keyset, orderNow, origin, type Given } from './testing/seller.ts';

const eur = (minor: number) => money(minor, 'EUR');

function placed({ ebay }: Given, tax = 0) {
  return ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, tax }], address: ada, shipping: 490 });
}

function refundOf(orderId: string, lineId: string, given: Partial<Refund> = {}): Refund {
  const lines = [{ lineId, units: 1, amount: eur(1290), tax: eur(0) }];
  const about = { reason: 'returned', note: 'came back', restockAt: null, notifyCustomer: false } as const;
  return { orderId, refundId: 'refund-1', lines, shipping: null, adjustment: null, ...about, ...given };
}

async function faultIn(call: Promise<unknown> | undefined): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return isFault(error) ? `${error.code} ${error.facts.outcome} ${error.facts.vendorCode ?? ''}`.trim() : 'no fault';
  }
}

test('a refund is pending until eBay is through with it', async () => {
  const given = givenSeller();
  const { id, lineIds } = placed(given);
  const ours = intentMemo();
  const request = refundOf(id, lineIds[0] ?? '');
  expect(await given.channel.refund?.make(request, ours)).toMatchObject({ amount: eur(1290), state: 'pending' });
  await given.clock.sleep(20_000);
  expect(await given.channel.refund?.find(request, ours)).toMatchObject({ kind: 'found', result: { state: 'done' } });
});

test('a second refund waits until the first is through', async () => {
  const given = givenSeller();
  const { id, lineIds } = placed(given);
  await given.channel.refund?.make(refundOf(id, lineIds[0] ?? ''), intentMemo('one'));
  await given.channel.refund?.make(refundOf(id, lineIds[0] ?? '', { refundId: 'refund-2' }), intentMemo('two'));
  expect([given.ebay.order(id).refunds, given.calls.filter((call) => call === 'refunds.make').length]).toEqual([[1290, 1290], 3]);
});

test('two refunds of one amount that came meanwhile are for a person to tell apart', async () => {
  const given = givenSeller({ refundProcessingMs: 0 });
  const { id, lineIds } = placed(given);
  const lost = intentMemo('lost');
  await lost.saveRefs({ before: '', amount: '1290' });
  for (const key of ['one', 'two']) await given.channel.refund?.make(refundOf(id, lineIds[0] ?? ''), intentMemo(key));
  expect((await given.channel.refund?.find(refundOf(id, lineIds[0] ?? ''), lost))?.kind).toBe('cannot-tell');
});

test('tax that eBay collected is left to eBay to give back', async () => {
  const given = givenSeller();
  const { id, lineIds } = placed(given, 200);
  const lines = [{ lineId: lineIds[0] ?? '', units: 1, amount: eur(1290), tax: eur(100) }];
  expect((await given.channel.refund?.make(refundOf(id, '', { lines }), intentMemo()))?.amount).toEqual(eur(1290));
});

test('a refund of shipping alone is one of the order', async () => {
  const given = givenSeller();
  const { id } = placed(given);
  await given.channel.refund?.make(refundOf(id, '', { lines: [], shipping: { amount: eur(490), tax: eur(0) } }), intentMemo());
  expect(given.ebay.order(id).refunds).toEqual([490]);
});

test('a refund that is not signed is a matter of configuration', async () => {
  const given = givenSeller({}, ({ signingKey: _signingKey, ...others }) => others);
  const { id, lineIds } = placed(given);
  expect(await faultIn(given.channel.refund?.make(refundOf(id, lineIds[0] ?? ''), intentMemo()))).toBe('misconfigured not-applied 215001');
});

test('a refund that is signed by a key that eBay does not know is a matter of configuration', async () => {
  const given = givenSeller({}, { signingKey: givenSeller().ebay.signingKey() });
  const { id, lineIds } = placed(given);
  expect(await faultIn(given.channel.refund?.make(refundOf(id, lineIds[0] ?? ''), intentMemo()))).toBe('misconfigured not-applied 215120');
});

test('a signing key that eBay made signs what it demands to be signed', async () => {
  const issuing = givenSeller();
  const key = await createEbaySigningKey({
    ...keyset,
    clock: issuing.clock,
    fetch: sandboxFetch({ [origin]: issuing.ebay.app, 'https://apiz.ebay.com': issuing.ebay.app }),
  });
  const channel = ebayChannel({ ...issuing.options, signingKey: key });
  const { id, lineIds } = placed(issuing);
  expect(await faultIn(channel.refund?.make(refundOf(id, lineIds[0] ?? ''), intentMemo()))).toBe('none');
});

test('a buyer’s wish to cancel is agreed to', async () => {
  const given = givenSeller();
  const { id } = placed(given);
  given.ebay.askToCancel(id);
  const request = { orderId: id, lines: null, reason: 'customer', restock: false, notifyCustomer: false } as const;
  expect((await given.channel.cancellation?.find(request, intentMemo()))?.kind).toBe('absent');
  await given.channel.cancellation?.make(request, intentMemo());
  expect((await orderNow(given.channel, id)).status).toBe('cancelled');
});

test('a cancellation is pending while eBay works on it, and a cancelled order holds no money', async () => {
  const given = givenSeller({ cancelProcessingMs: 60_000 });
  const { id } = placed(given);
  const request = { orderId: id, lines: null, reason: 'out-of-stock', restock: false, notifyCustomer: false } as const;
  await given.channel.cancellation?.make(request, intentMemo());
  expect((await given.channel.cancellation?.find(request, intentMemo()))?.kind).toBe('pending');
  await given.clock.sleep(60_000);
  expect((await given.channel.cancellation?.find(request, intentMemo()))?.kind).toBe('found');
  expect((await orderNow(given.channel, id)).payment).toEqual({ status: 'fully_refunded', secured: eur(0) });
});

test('what has shipped is not cancelled', async () => {
  const given = givenSeller();
  const { id, lineIds } = placed(given);
  const lines = lineIds.map((lineId) => ({ lineId, units: 1 }));
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, shippedAt: given.clock.now(), notifyCustomer: false };
  await given.channel.confirmShipment({ orderId: id, node: 'BER', lines, ...parcel }, intentMemo());
  const request = { orderId: id, lines: null, reason: 'fraud', restock: false, notifyCustomer: false } as const;
  expect(await faultIn(given.channel.cancellation?.make(request, intentMemo()))).toBe('refused not-applied');
});

test('a return is told again when it moved on, and not otherwise', async () => {
  const { ebay, channel, clock } = givenSeller();
  const { id } = ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }], address: ada });
  const returnId = ebay.openReturn(id, 'MUG', 1);
  const told: string[] = [];
  let cursor = channel.cursorAt('2026-01-01T00:00:00.000Z');
  for (const move of ['RETURN_REQUESTED', 'RETURN_REQUESTED', 'ITEM_SHIPPED', 'SOMETHING_NEW']) {
    ebay.moveReturn(returnId, move);
    await clock.sleep(86_400_000);
    if (channel.returns !== null)
      for await (const page of channel.returns.pullReturns(cursor)) {
        ({ cursor } = page);
        told.push(...page.returns.map(({ state }) => state));
      }
  }
  expect(told).toEqual(['requested', 'in-transit', 'other']);
});

test('a return from before the connection began is not read', async () => {
  const { ebay, channel, clock } = givenSeller();
  ebay.openReturn(ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }], address: ada }).id, 'MUG', 1);
  await clock.sleep(1_000);
  const told: unknown[] = [];
  if (channel.returns !== null)
    for await (const page of channel.returns.pullReturns(channel.cursorAt(clock.now()))) told.push(...page.returns);
  expect(told).toEqual([]);
});
