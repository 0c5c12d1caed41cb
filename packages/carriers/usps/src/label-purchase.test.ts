import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, plainDelivery, type ConnectorFault, type LabelRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { purchaseSettlesMs } from './limits.ts';
import { account, ada, dock, request, type Account } from './testing/account.ts';

const day = 86_400_000;

async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isFault(error)) throw new Error(`no fault: ${String(error)}`);
  return error;
}

/** Purchases as they went over the wire: key and words. */
function purchases({ calls }: Account): { readonly key: string; readonly body: string }[] {
  return calls
    .filter(({ method, path }) => method === 'POST' && /^\/labels\/v3\/(return-)?label$/.test(path))
    .map(({ body, headers }) => ({ key: headers['x-idempotency-key'] ?? '', body }));
}

describe('a purchase', () => {
  test('says what it was priced by, under a key of its intent', async () => {
    const bench = account();
    const label = await bench.carrier.buy(request, intentMemo('intent-1'));
    const [{ key, body } = { key: '', body: '' }] = purchases(bench);
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(JSON.parse(body)).toEqual({
      imageInfo: { imageType: 'PDF', labelType: '4X6LABEL', receiptOption: 'NONE', suppressPostage: true },
      toAddress: {
        firstName: 'Ada',
        lastName: 'Lovelace',
        streetAddress: '12 Harbor Drive',
        secondaryAddress: 'Apt 3',
        city: 'San Francisco',
        state: 'CA',
        ZIPCode: '94104',
      },
      fromAddress: {
        firstName: 'Berth',
        lastName: 'Seven',
        firm: 'Quartermaster',
        streetAddress: '1 Dock Road',
        city: 'Chicago',
        state: 'IL',
        ZIPCode: '60601',
      },
      packageDescription: {
        mailClass: 'USPS_GROUND_ADVANTAGE',
        rateIndicator: 'SP',
        processingCategory: 'MACHINABLE',
        weightUOM: 'lb',
        dimensionsUOM: 'in',
        weight: 2.2047,
        length: 11.82,
        width: 7.88,
        height: 3.94,
        mailingDate: '2026-11-23',
        destinationEntryFacilityType: 'NONE',
        extraServices: [],
        customerReference: [{ referenceNumber: 'S00042 1/1', printReferenceNumber: true }],
      },
    });
    expect(label).toMatchObject({ ref: label.trackingNumber, carrier: 'USPS', price: { minor: 930, currency: 'USD' } });
  });

  test('that was made and not answered is sent again under the same key with the same words, and is the same label', async () => {
    const bench = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'failed-made' : null) } });
    const saved = intentMemo('intent-1');
    expect((await faultOf(bench.carrier.buy(request, saved))).facts.outcome).toBe('unknown');
    const waiting = await bench.carrier.reconcile(request, saved.refs, saved);
    expect(waiting).toEqual({ kind: 'pending', afterMs: purchaseSettlesMs });
    await bench.clock.sleep(purchaseSettlesMs);
    expect(await bench.carrier.reconcile(request, saved.refs, saved)).toMatchObject({ kind: 'found' });
    const [first, second] = purchases(bench);
    expect(second).toEqual(first);
    expect(bench.sandbox.snapshot().labels).toHaveLength(1);
  });

  test('that comes true later is not sent again before it has', async () => {
    const bench = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'late' : null) } });
    const saved = intentMemo('intent-1');
    await faultOf(bench.carrier.buy(request, saved));
    const again = await faultOf(bench.carrier.buy(request, saved));
    expect([again.code, again.facts.retry]).toEqual(['conflict', { kind: 'after', ms: purchaseSettlesMs }]);
    expect(purchases(bench)).toHaveLength(1);
    await bench.clock.sleep(purchaseSettlesMs);
    await bench.carrier.buy(request, saved);
    expect(bench.sandbox.snapshot().labels).toHaveLength(1);
  });

  test('that was refused is not in doubt, and what is changed then goes under a key of its own', async () => {
    const bench = account();
    const saved = intentMemo('intent-1');
    const nowhere: LabelRequest = { ...request, shipTo: { ...ada, lines: ['0 Nowhere'] } };
    const fault = await faultOf(bench.carrier.buy(nowhere, saved));
    expect([fault.facts.vendorCode, fault.facts.outcome]).toEqual(['010005', 'not-applied']);
    expect(await bench.carrier.reconcile(nowhere, saved.refs, saved)).toEqual({ kind: 'absent' });
    await bench.carrier.buy(request, saved);
    const [first, second] = purchases(bench);
    expect(second?.key).not.toBe(first?.key);
    expect(bench.sandbox.snapshot().labels).toHaveLength(1);
  });

  test('that is made again unchanged after a refusal keeps its key', async () => {
    const bench = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'refused' : null) } });
    const saved = intentMemo('intent-1');
    await faultOf(bench.carrier.buy(request, saved));
    await bench.carrier.buy(request, saved);
    const [first, second] = purchases(bench);
    expect(second).toEqual(first);
  });

  test('of a process that lost what it saved finds the label of its key again', async () => {
    const bench = account();
    const label = await bench.carrier.buy(request, intentMemo('intent-1'));
    expect((await bench.carrier.buy(request, intentMemo('intent-1'))).trackingNumber).toBe(label.trackingNumber);
    expect(bench.sandbox.snapshot().labels).toHaveLength(1);
  });

  test('whose payment authorization has run out is not sent a second time by itself, and goes with a new one at the next try', async () => {
    const bench = account();
    await bench.carrier.buy(request, intentMemo('intent-1'));
    await bench.clock.sleep(9 * 3_600_000);
    await bench.carrier.buy(request, intentMemo('intent-2'));
    expect(bench.sandbox.snapshot()).toMatchObject({ tokensGranted: 2, paymentsAuthorized: 2 });
  });

  test('does without a quotation where nothing can come of it', async () => {
    const bench = account();
    const unmeasured = { ...request, parcel: { ...request.parcel, millimetres: null } };
    const abroad = { ...request, shipTo: { ...ada, country: 'DE', region: null, postalCode: '10965' } };
    expect((await faultOf(bench.carrier.buy(unmeasured, intentMemo()))).code).toBe('invalid-request');
    expect((await faultOf(bench.carrier.buy(abroad, intentMemo()))).code).toBe('invalid-request');
    expect(bench.calls).toEqual([]);
  });

  test('of insurance in another currency is refused, for USPS insures in dollars', async () => {
    const insured = { ...request, delivery: { ...plainDelivery, insured: { minor: 10_000, currency: 'EUR' } } };
    expect((await faultOf(account().carrier.buy(insured, intentMemo()))).facts.message).toBe('USPS insures in US dollars');
  });

  test('of the way back is a return label of the same service', async () => {
    const bench = account();
    const back = { ...request, shipFrom: ada, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };
    await bench.carrier.buy(back, intentMemo());
    expect(bench.sandbox.snapshot().labels).toMatchObject([{ mailClass: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE', priceMinor: 970 }]);
  });
});

describe('after the day of mailing, when USPS does not take the same words again', () => {
  async function inDoubt(trouble: 'failed' | 'failed-made') {
    const bench = account({ sandbox: { trouble: (nth) => (nth === 0 ? trouble : null) } });
    const saved = intentMemo('intent-1');
    await faultOf(bench.carrier.buy(request, saved));
    return { ...bench, saved };
  }

  test('a purchase that USPS knows nothing of is absent', async () => {
    const { carrier, clock, saved } = await inDoubt('failed');
    await clock.sleep(2 * day);
    expect(await carrier.reconcile(request, saved.refs, saved)).toEqual({ kind: 'absent' });
  });

  test('it is made for the new day, under a key of its own', async () => {
    const { carrier, clock, calls, sandbox, saved } = await inDoubt('failed');
    await clock.sleep(2 * day);
    await carrier.buy(request, saved);
    const keys = purchases({ carrier, clock, calls, sandbox, events: [] }).map(({ key }) => key);
    expect([keys[0] === keys[1], new Set(keys).size, sandbox.snapshot().labels.length]).toEqual([true, 2, 1]);
  });

  test('one that USPS has made is for a person to look up, by the key', async () => {
    const { carrier, clock, saved, sandbox } = await inDoubt('failed-made');
    await clock.sleep(2 * day);
    const seen = await carrier.reconcile(request, saved.refs, saved);
    expect(seen).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringMatching(/with idempotency key [0-9a-f-]{36} again: Labels past/),
    });
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('one that is older than what a reprint finds is not believed to be absent', async () => {
    const { carrier, clock, saved } = await inDoubt('failed');
    await clock.sleep(46 * day);
    expect((await carrier.reconcile(request, saved.refs, saved)).kind).toBe('cannot-tell');
  });
});

test('words that we would not say again are not sent under the old key: the label is printed once more instead', async () => {
  const bench = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'failed-made' : null) } });
  const saved = intentMemo('intent-1');
  await faultOf(bench.carrier.buy(request, saved));
  await bench.clock.sleep(purchaseSettlesMs);
  const seen = await bench.carrier.reconcile({ ...request, reference: 'S00042 1/2' }, saved.refs, saved);
  expect(seen).toMatchObject({ kind: 'found', result: { trackingNumber: bench.sandbox.snapshot().labels[0]?.trackingNumber } });
  expect([purchases(bench).length, (await saved.rawAnswers()).length]).toEqual([1, 1]);
});

test('a label that was given back in between is for a person', async () => {
  const bench = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'failed-made' : null) } });
  const saved = intentMemo('intent-1');
  await faultOf(bench.carrier.buy(request, saved));
  const trackingNumber = bench.sandbox.snapshot().labels[0]?.trackingNumber ?? '';
  await bench.carrier.voidLabel({ ref: trackingNumber, trackingNumber }, intentMemo('void'));
  await bench.clock.sleep(purchaseSettlesMs);
  expect(await bench.carrier.reconcile(request, saved.refs, saved)).toMatchObject({
    kind: 'cannot-tell',
    check: expect.stringContaining('was bought and then given back'),
  });
});
