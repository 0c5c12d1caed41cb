import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { purchaseSettlesMs } from './limits.ts';
import { isFault, plainDelivery, provedAbsentRef, type ConnectorFault } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { account, dock, konrad, request, tariff } from './testing/account.ts';

async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isFault(error)) throw new Error('no fault');
  return error;
}

describe('a purchase', () => {
  test('goes out once, under a reference of its key, on the day in Germany, at the price of the tariff', async () => {
    const { carrier, bodies, calls } = account();
    const label = await carrier.buy({ ...request, shipAt: '2026-11-23T23:30:00.000Z' }, intentMemo());
    const [order = ''] = bodies.filter((_, at) => calls[at]?.includes('/orders'));
    expect(JSON.parse(order)).toMatchObject({
      shipments: [
        { refNo: expect.stringMatching(/^S00042 1\/1 QM[0-9A-F]{12}$/), shipDate: '2026-11-24', billingNumber: '33333333330101' },
      ],
    });
    expect(label).toMatchObject({ ref: `2026-11-24/${label.trackingNumber}`, price: { minor: 451, currency: 'EUR' }, service: 'paket' });
    expect(label.charges.map(({ type, amount }) => [type, amount.minor])).toEqual([
      ['shipping', 410],
      ['fuel-charge', 41],
    ]);
  });

  test('without an answer is waited for, and then a person is told what to look for and where', async () => {
    const { carrier, sandbox, clock } = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'failed-made' : null) } });
    const kept = intentMemo();
    expect((await faultOf(carrier.buy(request, kept))).facts.outcome).toBe('unknown');
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'pending', afterMs: purchaseSettlesMs });
    expect((await faultOf(carrier.buy(request, kept))).facts).toMatchObject({ outcome: 'unknown', retry: { kind: 'after' } });

    await clock.sleep(purchaseSettlesMs);
    const seen = await carrier.reconcile(request, kept.refs, kept);
    const [made] = sandbox.snapshot().labels;
    expect(seen).toMatchObject({ kind: 'cannot-tell', check: expect.stringContaining(`reference ${made?.reference}`) });
    expect(seen).toMatchObject({ check: expect.stringContaining('shipment list of 2026-11-23') });
    expect((await faultOf(carrier.buy(request, kept))).facts.retry).toEqual({ kind: 'never' });
    expect(sandbox.snapshot().labels.length).toBe(1);
  });

  test.each([
    ['that was not answered', 'failed' as const],
    ['whose label DHL does not give any more', null],
  ])('%s is made anew when a person has looked and found nothing', async (_, trouble) => {
    const { carrier, sandbox, clock } = account();
    const kept = intentMemo();
    if (trouble !== null) sandbox.nextOrder(trouble);
    await carrier.buy(request, kept).catch(() => null);
    sandbox.closeDay();
    await clock.sleep(purchaseSettlesMs);
    expect((await carrier.reconcile(request, kept.refs, kept)).kind).toBe('cannot-tell');

    await kept.saveRefs({ [provedAbsentRef]: clock.now() });
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'absent' });
    await clock.sleep(1_000);
    const label = await carrier.buy(request, kept);
    expect(await carrier.reconcile(request, kept.refs, kept)).toMatchObject({
      kind: 'found',
      result: { trackingNumber: label.trackingNumber },
    });
  });

  test('that DHL refuses in words of its own may be made again under the same key', async () => {
    const { carrier, sandbox } = account();
    const kept = intentMemo();
    sandbox.nextOrder('refused-in-200');
    const fault = await faultOf(carrier.buy(request, kept));
    expect([fault.code, fault.facts.outcome, fault.facts.message]).toEqual([
      'refused',
      'not-applied',
      'consignee: The shipment is refused.',
    ]);
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'absent' });
    await carrier.buy(request, kept);
    expect(sandbox.snapshot().labels.length).toBe(1);
  });

  test('whose shipment broke down within an answer of success is in doubt', async () => {
    const { carrier, sandbox } = account();
    const kept = intentMemo();
    sandbox.nextOrder('failed-in-207');
    expect((await faultOf(carrier.buy(request, kept))).facts.outcome).toBe('unknown');
    expect((await carrier.reconcile(request, kept.refs, kept)).kind).toBe('pending');
  });

  test('whose answer has a number and no label is bought: the label is fetched, and the number kept before that', async () => {
    let broken = true;
    const { carrier, sandbox } = account({
      faults: (_, { method }) => (method === 'GET' && broken ? 'error-before' : null),
      sandbox: { trouble: () => 'without-label' },
    });
    const kept = intentMemo();
    const fault = await faultOf(carrier.buy(request, kept));
    expect([fault.facts.outcome, fault.facts.advice]).toEqual(['unknown', 'The label is bought; its document is fetched again.']);
    broken = false;
    const label = await carrier.buy(request, kept);
    expect([label.trackingNumber, label.price.minor]).toEqual([kept.refs['shipmentNumber'], 451]);
    expect(sandbox.snapshot().labels.length).toBe(1);
  });

  test('whose label DHL does not give any more ends with a person, who is told the number', async () => {
    const { carrier, sandbox } = account();
    const kept = intentMemo();
    const { trackingNumber } = await carrier.buy(request, kept);
    sandbox.closeDay();
    const seen = await carrier.reconcile(request, kept.refs, kept);
    expect(seen).toMatchObject({ kind: 'cannot-tell', check: expect.stringContaining(`shipment ${trackingNumber}`) });
  });

  test('costs what the tariff said at the time, though the tariff has changed since', async () => {
    const tariffs = [tariff()];
    const { carrier } = account({ carrier: { tariffs } });
    const kept = intentMemo();
    await carrier.buy(request, kept);
    tariffs[0] = tariff(990);
    const seen = await carrier.reconcile(request, kept.refs, kept);
    expect(seen).toMatchObject({ kind: 'found', result: { price: { minor: 451, currency: 'EUR' } } });
  });

  test.each([
    ['above its limit', { priceLimit: { minor: 450, currency: 'EUR' } }, 'the label costs 4.51 EUR, more than its limit of 4.50 EUR'],
    ['of a product without a billing number', { service: 'kleinpaket' }, 'the account has no billing number for V62KP'],
    [
      'with a signature that has no price',
      { delivery: { ...plainDelivery, signature: 'anyone' as const } },
      'There is no price for a signature',
    ],
    ['above 31.5 kg', { parcel: { ...request.parcel, grams: 31_501 } }, 'DHL takes no parcel above 31.5 kg'],
  ])('%s is refused before anything is sent', async (_, change, message) => {
    const { carrier, calls } = account();
    const kept = intentMemo();
    const fault = await faultOf(carrier.buy({ ...request, ...change }, kept));
    expect([fault.code, fault.facts.outcome, fault.facts.message]).toEqual(['refused', 'not-applied', message]);
    expect([calls.length, kept.refs]).toEqual([0, {}]);
  });

  test('that somebody between us and DHL slows down is in doubt, one that DHL itself does not take is not', async () => {
    const { carrier } = account({ faults: (_, { url }) => (url.includes('/orders') ? 'rate-limited' : null) });
    expect((await faultOf(carrier.buy(request, intentMemo()))).facts).toMatchObject({ outcome: 'unknown', status: 429 });
  });

  test('is not sent any more when the process stood still after writing it down', async () => {
    const { carrier, clock, sandbox } = account();
    const kept = intentMemo();
    const slow = {
      ...kept,
      refs: kept.refs,
      saveRefs: async (more: Readonly<Record<string, string>>) => {
        await kept.saveRefs(more);
        await clock.sleep(purchaseSettlesMs);
      },
    };
    expect((await faultOf(carrier.buy(request, slow))).facts.outcome).toBe('unknown');
    expect(sandbox.snapshot().labels).toEqual([]);
  });
});

describe('a return', () => {
  const back = { ...request, shipFrom: konrad, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };

  test('is a label of the Returns API, which nobody takes back', async () => {
    const { carrier, sandbox } = account();
    const label = await carrier.buy(back, intentMemo());
    expect([label.ref, label.document.format]).toEqual([`return/${label.trackingNumber}`, 'pdf']);
    expect(sandbox.snapshot().labels.map(({ kind }) => kind)).toEqual(['return']);
    expect(await carrier.voidLabel(label, intentMemo('void'))).toMatchObject({ kind: 'refused' });
  });

  test('comes as PDF alone, and from countries that have a receiver', async () => {
    const { carrier, calls } = account();
    expect((await faultOf(carrier.buy({ ...back, format: 'zpl' }, intentMemo()))).facts.message).toBe(
      'DHL makes return labels as PDF, and none as zpl',
    );
    const fromFrance = { ...back, shipFrom: { ...konrad, country: 'FR' } };
    expect((await faultOf(carrier.buy(fromFrance, intentMemo()))).facts.message).toBe('no receiver of returns from FR is set up');
    expect(calls).toEqual([]);
  });

  test('whose label got lost on our side ends with a person, who is told its number', async () => {
    const { carrier } = account();
    const kept = intentMemo();
    const label = await carrier.buy(back, kept);
    const seen = await carrier.reconcile(back, kept.refs, kept);
    expect(seen).toMatchObject({ kind: 'cannot-tell', check: expect.stringContaining(`return label ${label.trackingNumber}`) });
  });
});
