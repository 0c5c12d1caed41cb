import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, type ConnectorFault, type LabelRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { dhlExpressTestUrl, purchaseSettlesMs } from './limits.ts';
import type { PurchaseTrouble } from './sandbox/index.ts';
import { abroad, account, origin, product, request, type Account } from './testing/account.ts';
import { referenceOf } from './translate.ts';

const once = (trouble: PurchaseTrouble) => (nth: number) => (nth === 0 ? trouble : null);

async function refusal(call: Promise<unknown>): Promise<ConnectorFault> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isFault(error)) throw new Error(`no fault: ${String(error)}`);
  return error;
}

/** Lets a purchase end in doubt and its time run out. */
async function inDoubt({ carrier, clock }: Account, intent = intentMemo(), asked: LabelRequest = request) {
  await refusal(carrier.buy(asked, intent));
  await carrier.reconcile(asked, intent.refs, intent);
  await clock.sleep(purchaseSettlesMs);
  return intent;
}

describe('a label is bought', () => {
  test('at the price that was asked for, under a reference that follows from the intent’s key', async () => {
    const { carrier, calls, sandbox } = account();
    const intent = intentMemo();
    const label = await carrier.buy(request, intent);
    expect(label).toMatchObject({
      ref: label.trackingNumber,
      carrier: 'DHL Express',
      service: 'U',
      price: { minor: 2_700, currency: 'EUR' },
      charges: [
        { type: 'shipping', amount: { minor: 2_250, currency: 'EUR' }, vendorCode: null },
        { type: 'fuel-charge', amount: { minor: 450, currency: 'EUR' }, vendorCode: 'FF' },
      ],
      document: { format: 'pdf', url: null },
    });
    expect(calls).toEqual(['POST /rates', 'POST /shipments']);
    expect(sandbox.snapshot().shipments[0]?.references).toEqual([referenceOf(intent.key), 'S00042 1/1']);
  });

  test('as ZPL where it is asked for so, and its waybill as well, which stays in the raw answer', async () => {
    const intent = intentMemo();
    const label = await account().carrier.buy({ ...request, format: 'zpl' }, intent);
    expect(Buffer.from(label.document.base64 ?? '', 'base64').toString('latin1')).toMatch(/^\^XA[\s\S]*LABEL/);
    expect((await intent.rawAnswers()).join()).toContain('"waybillDoc"');
  });

  test('of the answer that was kept, where the process died before it read it: at its price, and with the label that DHL gives only there', async () => {
    const { carrier, calls, sandbox } = account();
    const intent = intentMemo();
    const dies = async (answer: string) => {
      await intent.saveRaw(answer);
      throw new Error('killed');
    };
    await expect(carrier.buy(request, { ...intent, saveRaw: dies })).rejects.toThrow('killed');
    const asked = calls.length;
    const label = await carrier.buy(request, intent);
    expect(label).toMatchObject({
      trackingNumber: sandbox.snapshot().shipments[0]?.trackingNumber,
      price: { minor: 2_700, currency: 'EUR' },
    });
    expect(Buffer.from(label.document.base64 ?? '', 'base64').toString('latin1')).toContain('LABEL');
    expect(calls.length).toBe(asked);
  });

  test('within a country under the local code that rating names', async () => {
    const { carrier, requests } = account();
    await carrier.buy({ ...request, service: 'N', shipTo: request.shipFrom }, intentMemo());
    expect(JSON.parse(requests[1]?.body ?? '')).toMatchObject({ productCode: 'N', localProductCode: 'DOM' });
  });

  test('with taxes as a part of its price', async () => {
    const { charges, price } = await account({ sandbox: { taxPercent: 19 } }).carrier.buy(request, intentMemo());
    expect([price.minor, charges.find(({ type }) => type === 'tax')?.amount.minor]).toEqual([3_213, 513]);
  });
});

describe('nothing is bought', () => {
  test('where it costs more than its limit', async () => {
    const { carrier, sandbox } = account();
    const fault = await refusal(carrier.buy({ ...request, priceLimit: { minor: 2_699, currency: 'EUR' } }, intentMemo()));
    expect([fault.code, fault.message]).toEqual(['refused', expect.stringContaining('27.00 EUR, more than its limit of 26.99 EUR')]);
    expect(sandbox.snapshot().shipments).toEqual([]);
  });

  test('where the account is billed in another currency', async () => {
    const fault = await refusal(account({ carrier: { currency: 'USD' } }).carrier.buy(request, intentMemo()));
    expect([fault.code, fault.facts.outcome]).toEqual(['refused', 'not-applied']);
  });

  test.each<[string, Partial<LabelRequest>, string]>([
    ['no telephone number of the recipient', { shipTo: { ...request.shipTo, phone: ' ' } }, 'invalid-request'],
    ['a street that does not fit', { shipTo: { ...request.shipTo, lines: ['x'.repeat(46)] } }, 'invalid-request'],
    ['a PNG', { format: 'png' }, 'unsupported'],
    [
      'goods without a country of origin',
      {
        ...abroad,
        delivery: {
          ...abroad.delivery,
          customs: abroad.delivery.customs && {
            ...abroad.delivery.customs,
            items: abroad.delivery.customs.items.map((item) => ({ ...item, origin: null })),
          },
        },
      },
      'invalid-request',
    ],
  ])('of %s, and DHL is not even asked', async (_, change, code) => {
    const { carrier, calls } = account();
    const fault = await refusal(carrier.buy({ ...request, ...change }, intentMemo()));
    expect([fault.code, fault.facts.outcome, calls]).toEqual([code, 'not-applied', []]);
  });

  test('where DHL refuses; the next attempt is a new one', async () => {
    const { carrier, sandbox } = account({ sandbox: { trouble: once('refused') } });
    const intent = intentMemo();
    const fault = await refusal(carrier.buy(request, intent));
    expect([fault.facts.vendorCode, fault.facts.outcome]).toEqual(['7147', 'not-applied']);
    await carrier.buy(request, intent);
    expect(sandbox.snapshot().shipments).toHaveLength(1);
  });
});

describe('a purchase in doubt', () => {
  test('that was made is found by its reference, with the price that was agreed to and the waybill that DHL keeps', async () => {
    const bench = account({ sandbox: { trouble: once('failed-made') } });
    const intent = intentMemo();
    await refusal(bench.carrier.buy({ ...request, format: 'zpl' }, intent));
    const seen = await bench.carrier.reconcile({ ...request, format: 'zpl' }, intent.refs, intent);
    expect(seen).toMatchObject({ kind: 'found', result: { price: { minor: 2_700 }, document: { format: 'pdf' } } });
    expect(bench.calls.slice(2)).toEqual(['GET /tracking', expect.stringMatching(/^GET \/shipments\/\d{10}\/get-image$/)]);
  });

  test('is asked for by reference, account and the days around it', async () => {
    const bench = account({ sandbox: { trouble: once('failed-made') } });
    const intent = intentMemo();
    const later = { ...request, shipAt: '2026-11-27T14:00:00.000Z' };
    await refusal(bench.carrier.buy(later, intent));
    expect((await bench.carrier.reconcile(later, intent.refs, intent)).kind).toBe('found');
    expect(Object.fromEntries(bench.requests[2]?.url.searchParams ?? [])).toMatchObject({
      shipmentReference: referenceOf(intent.key),
      shipmentReferenceType: 'CU',
      shipperAccountNumber: '230000001',
      dateRangeFrom: '2026-11-22',
      dateRangeTo: '2026-11-28',
    });
  });

  test('that comes true late is pending until then, and never bought again', async () => {
    const { carrier, clock, sandbox } = account({ sandbox: { trouble: once('late') } });
    const intent = intentMemo();
    await refusal(carrier.buy(request, intent));
    expect(await carrier.reconcile(request, intent.refs, intent)).toEqual({ kind: 'pending', afterMs: purchaseSettlesMs });
    const early = await refusal(carrier.buy(request, intent));
    expect([early.code, early.facts.outcome]).toEqual(['conflict', 'unknown']);
    await clock.sleep(60_000);
    await carrier.buy(request, intent);
    expect(sandbox.snapshot().shipments).toHaveLength(1);
  });

  test('that was not made is absent when its time has run out, and bought then', async () => {
    const bench = account({ sandbox: { trouble: once('failed') } });
    const intent = await inDoubt(bench);
    expect(await bench.carrier.reconcile(request, intent.refs, intent)).toEqual({ kind: 'absent' });
    await bench.carrier.buy(request, intent);
    expect(bench.sandbox.snapshot().shipments).toHaveLength(1);
  });

  test('is one too where a success has only warnings in it', async () => {
    const { carrier, sandbox } = account({ sandbox: { trouble: once('warned') } });
    const fault = await refusal(carrier.buy(request, intentMemo()));
    expect([fault.code, fault.facts.outcome, sandbox.snapshot().shipments]).toEqual(['malformed-reply', 'unknown', []]);
  });

  test('is one too after a 429 of somebody in between', async () => {
    const { carrier } = account({ faults: (call) => (call === 1 ? 'rate-limited' : null) });
    expect((await refusal(carrier.buy(request, intentMemo()))).facts.outcome).toBe('unknown');
  });

  test('is not decided by a 404 of somebody in between', async () => {
    const bench = account({ sandbox: { trouble: once('failed') } });
    const intent = await inDoubt(bench);
    const { carrier } = account({ carrier: { clock: bench.clock, fetch: async () => new Response('not here', { status: 404 }) } });
    expect((await refusal(carrier.reconcile(request, intent.refs, intent))).code).toBe('not-found');
  });

  test('of which DHL keeps no waybill waits, and then is a person’s', async () => {
    const bench = account({ sandbox: { trouble: once('failed-made'), keepsWaybills: false } });
    const intent = intentMemo();
    await refusal(bench.carrier.buy(request, intent));
    expect((await bench.carrier.reconcile(request, intent.refs, intent)).kind).toBe('pending');
    await bench.clock.sleep(purchaseSettlesMs);
    const [{ trackingNumber } = { trackingNumber: '' }] = bench.sandbox.snapshot().shipments;
    expect(await bench.carrier.reconcile(request, intent.refs, intent)).toEqual({
      kind: 'cannot-tell',
      check: expect.stringContaining(trackingNumber),
    });
  });

  test('that was made twice is a person’s, with both numbers', async () => {
    const bench = account();
    const intent = intentMemo();
    await bench.carrier.buy(request, intentMemo());
    await bench.carrier.buy(request, intentMemo());
    const seen = await bench.carrier.reconcile(request, {}, intent);
    const numbers = bench.sandbox.snapshot().shipments.map(({ trackingNumber }) => trackingNumber);
    expect(seen).toEqual({ kind: 'cannot-tell', check: expect.stringContaining(numbers.join(', ')) });
  });

  test('that is older than a week is a person’s', async () => {
    const bench = account({ sandbox: { trouble: once('failed') } });
    const intent = await inDoubt(bench);
    await bench.clock.sleep(8 * 86_400_000);
    expect(await bench.carrier.reconcile(request, intent.refs, intent)).toEqual({
      kind: 'cannot-tell',
      check: expect.stringContaining(referenceOf(intent.key)),
    });
  });

  test('at the test environment, which finds nothing that was bought there, is a person’s', async () => {
    const bench = account({ sandbox: { trouble: once('failed') } });
    const { carrier } = account({
      carrier: {
        clock: bench.clock,
        baseUrl: `${dhlExpressTestUrl}/`,
        fetch: (input, init) => {
          const { url, ...rest } = new Request(input, init);
          return bench.sandbox.app(new Request(url.replace(dhlExpressTestUrl, `${origin}/mydhlapi`), { ...init, ...rest }));
        },
      },
    });
    const intent = await inDoubt({ ...bench, carrier });
    expect((await carrier.reconcile(request, intent.refs, intent)).kind).toBe('cannot-tell');
    expect((await carrier.reconcile(request, {}, intentMemo('never sent'))).kind).toBe('absent');
  });

  test('keeps the price that was agreed to, whatever the product costs by then', async () => {
    const bench = account({ sandbox: { trouble: once('failed-made') } });
    const intent = intentMemo();
    await refusal(bench.carrier.buy(request, intent));
    bench.sandbox.setProducts([product({ code: 'U', baseMinor: 9_900 })]);
    const seen = await bench.carrier.reconcile(request, intent.refs, intent);
    expect(seen).toMatchObject({ kind: 'found', result: { price: { minor: 2_700 } } });
  });
});
