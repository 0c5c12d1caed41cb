import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, type ConnectorFault, type EffectMemo } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { account, confirming, faultAt, request, wayBack } from './testing/account.ts';

async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isFault(error)) throw new Error(`no fault: ${String(error)}`);
  return error;
}

const minute = 60_000;

describe('a label is opened, which is free, and confirmed once', () => {
  test('price, opening and confirmation, in that order, and nothing stays open', async () => {
    const { carrier, sandbox, calls } = account();
    const label = await carrier.buy(request, intentMemo());
    expect(calls).toEqual([
      'POST /oauth/token',
      'POST /rate/v1/rates/quotes',
      'POST /ship/v1/openshipments/create',
      'POST /ship/v1/openshipments/',
    ]);
    expect(sandbox.snapshot().open).toEqual([]);
    expect(label).toMatchObject({ ref: `FDXG/${label.trackingNumber}`, carrier: 'FedEx', service: 'FEDEX_GROUND' });
  });

  test('index, number and price are saved before the confirmation is sent', async () => {
    const { carrier, sandbox } = account({ faults: faultAt(confirming, 'drop-before') });
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    expect(sandbox.snapshot().open).toEqual([kept.refs['openShipmentIndex']]);
    expect(kept.refs['trackingNumber']).toMatch(/^\d{12}$/);
    expect(JSON.parse(kept.refs['price'] ?? '')).toMatchObject({ total: { currency: 'USD' } });
  });

  test('a confirmation that never arrived is pending, then absent, and the same shipment is confirmed', async () => {
    const { carrier, sandbox, clock } = account({ faults: faultAt(confirming, 'drop-before') });
    const kept = intentMemo();
    expect((await faultOf(carrier.buy(request, kept))).facts.outcome).toBe('unknown');
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'pending', afterMs: 2 * minute });
    expect((await faultOf(carrier.buy(request, kept))).facts.retry).toEqual({ kind: 'after', ms: 2 * minute });
    await clock.sleep(2 * minute);
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'absent' });
    const number = kept.refs['trackingNumber'];
    expect((await carrier.buy(request, kept)).trackingNumber).toBe(number);
    expect(sandbox.snapshot()).toMatchObject({ open: [], labels: [{ trackingNumber: number }] });
  });

  test('a label whose answer was lost is not bought again: a person is told its number and what to do', async () => {
    const { carrier, sandbox, clock } = account({ faults: faultAt(confirming, 'drop-after') });
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    const seen = await carrier.reconcile(request, kept.refs, kept);
    const [label] = sandbox.snapshot().labels;
    expect(seen).toMatchObject({ kind: 'cannot-tell', check: expect.stringContaining(`shipment ${label?.trackingNumber}`) });
    await clock.sleep(60 * minute);
    const fault = await faultOf(carrier.buy(request, kept));
    expect([fault.code, fault.facts.outcome, fault.facts.retry.kind]).toEqual(['conflict', 'unknown', 'never']);
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test.each([0, 20 * minute])(
    'an answer that was kept and not read before the process died becomes the label, tracked %i ms later',
    async (tracksAfterMs) => {
      const { carrier, sandbox, clock } = account({ sandbox: { tracksAfterMs } });
      const kept = intentMemo();
      await expect(carrier.buy(request, { ...kept, saveRaw: diesAfter(kept) })).rejects.toThrow('killed');
      await clock.sleep(2 * minute);
      const seen = await carrier.reconcile(request, kept.refs, kept);
      const [label] = sandbox.snapshot().labels;
      expect(seen).toMatchObject({
        kind: 'found',
        result: { ref: `FDXG/${label?.trackingNumber}`, document: { format: 'zpl', base64: expect.any(String) } },
      });
      expect(await carrier.buy(request, kept)).toMatchObject({ trackingNumber: label?.trackingNumber });
      expect(sandbox.snapshot().labels).toHaveLength(1);
    },
  );

  test('a kept answer of another number is not taken for the label', async () => {
    const { carrier, clock } = account({ faults: faultAt(confirming, 'drop-after') });
    const other = intentMemo('another');
    await account().carrier.buy(request, other);
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    for (const text of await other.rawAnswers()) await kept.saveRaw(text.replaceAll(/\d{12}/g, '999999999999'));
    await clock.sleep(2 * minute);
    expect((await carrier.reconcile(request, kept.refs, kept)).kind).toBe('cannot-tell');
  });

  test('a label that is not tracked yet is waited for, and found then by its number', async () => {
    const { carrier, clock } = account({ faults: faultAt(confirming, 'error-after'), sandbox: { tracksAfterMs: 20 * minute } });
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    await clock.sleep(5 * minute);
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'pending', afterMs: 55 * minute });
    await clock.sleep(15 * minute);
    expect(await carrier.reconcile(request, kept.refs, kept)).toMatchObject({ kind: 'cannot-tell' });
  });

  test('a label whose number was not told is found by the reference of its key', async () => {
    const { carrier, sandbox, clock } = account({ faults: faultAt('/ship/v1/openshipments/create', 'drop-after') });
    const kept = intentMemo();
    const bought = await carrier.buy(request, kept);
    expect(bought.trackingNumber).toMatch(/^\d{12}$/);
    await clock.sleep(minute);
    const seen = await carrier.reconcile(request, {}, intentMemo());
    expect(seen).toMatchObject({ kind: 'cannot-tell', check: expect.stringContaining(sandbox.snapshot().labels[0]?.references[0] ?? '?') });
  });

  test('a shipment that was confirmed by somebody else is in doubt, not refused', async () => {
    const { carrier, sandbox, clock } = account({ sandbox: { trouble: (nth) => (nth === 0 ? 'late' : null) } });
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    // Another process was too sure: it takes the purchase for not made, and confirms while the first one comes true.
    const other = intentMemo(kept.key, { ...kept.refs, purchaseSentAt: '', purchaseOpenSince: '' });
    const stale = carrier.buy(request, { ...other, saveRefs: async (more) => (await clock.sleep(minute), other.saveRefs(more)) });
    const fault = await faultOf(stale);
    expect([fault.code, fault.facts.outcome]).toEqual(['conflict', 'unknown']);
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('a refusal of the confirmation leaves the shipment open, and nothing in doubt', async () => {
    const { carrier, sandbox } = account({ sandbox: { trouble: () => 'refused' } });
    const kept = intentMemo();
    const fault = await faultOf(carrier.buy(request, kept));
    expect([fault.facts.outcome, fault.facts.vendorCode]).toEqual(['not-applied', 'SHIPMENT.NOT.ALLOWED']);
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'absent' });
    expect(sandbox.snapshot().labels).toEqual([]);
  });

  test('a refusal with a status of success is one, as long as the shipment is still open', async () => {
    const { carrier, sandbox } = account({ sandbox: { trouble: () => 'refused-as-success' } });
    const kept = intentMemo();
    const fault = await faultOf(carrier.buy(request, kept));
    expect([fault.code, fault.facts.outcome, fault.facts.message]).toEqual(['refused', 'not-applied', 'The label could not be generated.']);
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'absent' });
    expect(sandbox.snapshot().labels).toEqual([]);
  });

  test('a request that was changed is opened anew, and the old shipment stays behind unconfirmed', async () => {
    const { carrier, sandbox, clock } = account({ faults: faultAt(confirming, 'drop-before') });
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    await clock.sleep(2 * minute);
    await carrier.reconcile(request, kept.refs, kept);
    await clock.sleep(2 * minute);
    await carrier.buy({ ...request, parcel: { ...request.parcel, grams: 2_000 } }, kept);
    expect(sandbox.snapshot()).toMatchObject({ labels: [{ service: 'FEDEX_GROUND' }], open: [expect.any(String)] });
    await clock.sleep(6 * 24 * 60 * minute);
    expect(sandbox.snapshot().open).toEqual([]);
  });

  test('a purchase that was sent, purged and never seen again is left to a person', async () => {
    const { carrier, clock } = account({ faults: faultAt(confirming, 'drop-before') });
    const kept = intentMemo();
    await faultOf(carrier.buy(request, kept));
    await clock.sleep(6 * 24 * 60 * minute);
    await carrier.reconcile(request, kept.refs, kept);
    await clock.sleep(2 * minute);
    expect(await carrier.reconcile(request, kept.refs, kept)).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining(kept.refs['trackingNumber'] ?? '?'),
    });
  });

  test('a label that was cancelled is not bought again under its key', async () => {
    const { carrier } = account();
    const kept = intentMemo();
    await carrier.voidLabel(await carrier.buy(request, kept), intentMemo('void'));
    expect(await carrier.reconcile(request, kept.refs, kept)).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining('bought and then cancelled'),
    });
  });
});

describe('a label for the way back is made in one step', () => {
  test('with the customer as sender, us as payer, and the type of the return', async () => {
    const { carrier, sandbox, calls, bodies } = account();
    const label = await carrier.buy(wayBack, intentMemo());
    expect(calls.at(-1)).toBe('POST /ship/v1/shipments');
    expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({
      requestedShipment: {
        shipper: { contact: { personName: 'Ada Lovelace' } },
        shippingChargesPayment: { payor: { responsibleParty: { accountNumber: { value: '740561073' } } } },
        shipmentSpecialServices: { specialServiceTypes: ['RETURN_SHIPMENT'], returnShipmentDetail: { returnType: 'PRINT_RETURN_LABEL' } },
      },
    });
    expect(sandbox.snapshot().labels.map(({ trackingNumber }) => trackingNumber)).toEqual([label.trackingNumber]);
  });

  test('one that was not answered is never made again by itself', async () => {
    const { carrier, sandbox, clock } = account({ faults: faultAt('/ship/v1/shipments', 'drop-before') });
    const kept = intentMemo();
    await faultOf(carrier.buy(wayBack, kept));
    expect((await carrier.reconcile(wayBack, kept.refs, kept)).kind).toBe('pending');
    await clock.sleep(60 * minute);
    expect((await carrier.reconcile(wayBack, kept.refs, kept)).kind).toBe('cannot-tell');
    expect((await faultOf(carrier.buy(wayBack, kept))).facts.retry.kind).toBe('never');
    expect(sandbox.snapshot().labels).toEqual([]);
  });
});

test('a label without a telephone number of either side is not asked for', async () => {
  const { carrier, calls } = account();
  const silent = { ...request, shipFrom: { ...request.shipFrom, phone: null }, shipTo: { ...request.shipTo, phone: null } };
  expect((await faultOf(carrier.buy(silent, intentMemo()))).code).toBe('invalid-request');
  expect(calls).toEqual([]);
});

test('the raw answer is kept before it is read, and one without a label leaves the purchase in doubt', async () => {
  const { carrier, sandbox } = account({ faults: faultAt(confirming, 'truncated-after') });
  const kept = intentMemo();
  const fault = await faultOf(carrier.buy(request, kept));
  expect([fault.code, fault.facts.outcome]).toEqual(['malformed-reply', 'unknown']);
  expect((await kept.rawAnswers()).join('')).toContain(sandbox.snapshot().labels[0]?.trackingNumber);
});

/** The process dies when the answer is on the disk, and before it is read. */
function diesAfter(kept: EffectMemo) {
  return async (answer: string) => {
    await kept.saveRaw(answer);
    throw new Error('killed');
  };
}
