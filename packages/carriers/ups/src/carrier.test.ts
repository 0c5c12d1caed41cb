import type { CallGate } from '@quartermaster/connector-kit';
import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Customs } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { account, ada, dock, konrad, request } from './testing/account.ts';
import { referenceOf } from './translate.ts';

const customs: Customs = {
  contents: 'merchandise',
  incoterm: 'DDP',
  ifUndeliverable: 'return',
  invoiceNumber: 'INV-7',
  signer: 'Grace Hopper',
  items: [
    {
      sku: 'MUG',
      description: 'Mug',
      units: 2,
      unitValue: { minor: 1_250, currency: 'USD' },
      unitGrams: 400,
      hsCode: '6912.00',
      origin: 'US',
    },
  ],
  taxIds: [{ of: 'sender', type: 'IOSS', value: 'IM3720000224', country: 'DE' }],
};
const abroad = { ...request, service: '07', shipTo: konrad, delivery: { ...plainDelivery, customs } };

describe('rates', () => {
  test('name contract, parts, weight, zone and day of arrival', async () => {
    const { rates } = await account().carrier.rates({ ...request, currency: 'USD' });
    expect(rates[0]).toEqual({
      service: '03',
      total: { minor: 1_761, currency: 'USD' },
      charges: [
        { type: 'shipping', amount: { minor: 864, currency: 'USD' }, vendorCode: null },
        { type: 'fuel-charge', amount: { minor: 302, currency: 'USD' }, vendorCode: '375' },
        { type: 'delivery', amount: { minor: 595, currency: 'USD' }, vendorCode: '270' },
      ],
      billable: { grams: 1_361, because: 'actual' },
      zone: '004',
      arrival: { day: '2026-11-26', transitDays: 3, percentiles: null, isGuaranteed: true },
      expiresAt: null,
      isNegotiated: true,
    });
  });

  test('to a company are without the residential surcharge', async () => {
    const { carrier } = account();
    const [company] = (await carrier.rates({ ...request, shipTo: { ...ada, company: 'Engines' }, currency: 'USD' })).rates;
    expect(company?.charges.some(({ vendorCode }) => vendorCode === '270')).toBe(false);
  });

  test('in another currency are problems', async () => {
    const answer = await account().carrier.rates({ ...request, currency: 'EUR' });
    expect([answer.rates, answer.problems.length]).toEqual([[], 2]);
  });

  test('by our names of the services', async () => {
    const { carrier } = account({ carrier: { serviceMap: { ground: '03' } } });
    expect((await carrier.rates({ ...request, currency: 'USD' })).rates.map(({ service }) => service).toSorted()).toEqual(['07', 'ground']);
    expect(await carrier.buy({ ...request, service: 'ground' }, intentMemo())).toMatchObject({ service: 'ground' });
  });
});

describe('a label', () => {
  test('carries the reference of its key, and the one for people', async () => {
    const { carrier, sandbox } = account();
    await carrier.buy(request, intentMemo('intent-1'));
    expect(sandbox.snapshot().labels[0]?.references).toEqual([referenceOf('intent-1'), 'S00042 1 1']);
  });

  test('costs what its price was, also when it is found after its answer was lost and the list has gone up', async () => {
    const { carrier, sandbox, clock } = account({ sandbox: { trouble: () => 'failed-made' } });
    const kept = intentMemo();
    const [rate] = (await carrier.rates({ ...request, currency: 'USD' })).rates;
    await expect(carrier.buy(request, kept)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    sandbox.setServices([]);
    await clock.sleep(1_000);
    const seen = await carrier.reconcile(request, kept.refs, kept);
    expect(seen).toMatchObject({
      kind: 'found',
      result: { price: rate?.total, trackingNumber: sandbox.snapshot().labels[0]?.trackingNumber, document: { format: 'zpl' } },
    });
  });

  test('that is not there yet is pending, and absent when it can come no more', async () => {
    const { carrier, clock } = account({ sandbox: { trouble: () => 'failed' } });
    const kept = intentMemo();
    await expect(carrier.buy(request, kept)).rejects.toThrow();
    const first = await carrier.reconcile(request, kept.refs, kept);
    expect(first).toEqual({ kind: 'pending', afterMs: 120_000 });
    await clock.sleep(120_000);
    expect(await carrier.reconcile(request, kept.refs, kept)).toEqual({ kind: 'absent' });
  });

  test('that was asked for more than a week ago and is not found is left to a person', async () => {
    const { carrier, clock } = account({ sandbox: { trouble: () => 'failed' } });
    const kept = intentMemo();
    await expect(carrier.buy(request, kept)).rejects.toThrow();
    await clock.sleep(8 * 86_400_000);
    expect(await carrier.reconcile(request, kept.refs, kept)).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining(referenceOf(kept.key)),
    });
  });

  test('is not sent any more by a process that stood still before it', async () => {
    const clock = virtualClock('2026-11-23T14:00:00.000Z');
    let turns = 0;
    const gate: CallGate = async (call) => {
      if ((turns += 1) === 3) await clock.sleep(90_000);
      return call();
    };
    const { carrier, calls, sandbox } = account({ carrier: { clock, gate } });
    const kept = intentMemo();
    await expect(carrier.buy(request, kept)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    expect(calls.some((call) => call.endsWith('/ship'))).toBe(false);
    await clock.sleep(120_000);
    await carrier.buy(request, kept);
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('that is there twice is left to a person, with both numbers', async () => {
    const { carrier, sandbox } = account();
    await carrier.buy(request, intentMemo('intent-1'));
    await carrier.buy(request, intentMemo('intent-1'));
    const seen = await carrier.reconcile(request, {}, intentMemo('intent-1'));
    const numbers = sandbox.snapshot().labels.map(({ trackingNumber }) => trackingNumber);
    expect(seen.kind === 'cannot-tell' && numbers.every((number) => seen.check.includes(number))).toBe(true);
  });

  test('that was given back is not bought again under its key without a person', async () => {
    const { carrier, sandbox } = account();
    const kept = intentMemo();
    const label = await carrier.buy(request, kept);
    await carrier.voidLabel(label, intentMemo('void'));
    expect((await carrier.reconcile(request, kept.refs, kept)).kind).toBe('cannot-tell');
    await expect(carrier.buy(request, kept)).rejects.toMatchObject({ code: 'conflict' });
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('is a PDF that is fetched after the purchase; where that fails it is bought all the same, and got later', async () => {
    const { carrier, sandbox } = account({ faults: (call) => (call >= 3 && call <= 5 ? 'error-before' : null) });
    const kept = intentMemo();
    await expect(carrier.buy({ ...request, format: 'pdf' }, kept)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    const label = await carrier.buy({ ...request, format: 'pdf' }, kept);
    expect(sandbox.snapshot().labels.map(({ trackingNumber }) => trackingNumber)).toEqual([label.trackingNumber]);
    expect(Buffer.from(label.document.base64 ?? '', 'base64').toString('latin1')).toMatch(/^%PDF/);
  });

  test('for an address that does not fit on it is not bought', async () => {
    const { carrier, calls } = account();
    const shipTo = { ...ada, lines: ['Very long '.repeat(20)] };
    await expect(carrier.buy({ ...request, shipTo }, intentMemo())).rejects.toMatchObject({
      code: 'invalid-request',
      facts: { outcome: 'not-applied' },
    });
    expect(calls).toEqual([]);
  });

  test('over a border has the invoice, the duties on us and the reference at the shipment', async () => {
    const { carrier, bodies } = account();
    await carrier.buy(abroad, intentMemo('intent-1'));
    const { ShipmentRequest: sent } = JSON.parse(bodies.find((body) => body.includes('ShipmentRequest')) ?? '{}');
    expect(sent.Shipment.ReferenceNumber[0]).toEqual({ Value: referenceOf('intent-1') });
    expect(sent.Shipment.PaymentInformation.ShipmentCharge.map(({ Type }: { Type: string }) => Type)).toEqual(['01', '02']);
    expect(sent.Shipment.ShipFrom.VendorInfo).toEqual({ VendorCollectIDTypeCode: '0356', VendorCollectIDNumber: 'IM3720000224' });
    expect(sent.Shipment.ShipmentServiceOptions.InternationalForms).toMatchObject({
      FormType: ['01'],
      InvoiceNumber: 'INV-7',
      InvoiceDate: '20261123',
      TermsOfShipment: 'DDP',
      ReasonForExport: 'SALE',
      CurrencyCode: 'USD',
      Product: [
        {
          Description: ['Mug'],
          Unit: { Number: '2', Value: '12.50' },
          CommodityCode: '691200',
          PartNumber: 'MUG',
          OriginCountryCode: 'US',
        },
      ],
    });
  });

  test('as PNG is not bought, for UPS makes none', async () => {
    const { carrier, calls } = account();
    await expect(carrier.buy({ ...request, format: 'png' }, intentMemo())).rejects.toMatchObject({
      code: 'unsupported',
      facts: { outcome: 'not-applied' },
    });
    expect(calls).toEqual([]);
  });

  test.each([
    ['a signature on the way back', { ...plainDelivery, isReturn: true, signature: 'anyone' as const }],
    ['what cannot be delivered to be given up', { ...plainDelivery, customs: { ...customs, ifUndeliverable: 'abandon' as const } }],
  ])('with %s is not to be had', async (_, delivery) => {
    await expect(account().carrier.buy({ ...request, delivery }, intentMemo())).rejects.toMatchObject({
      code: 'unsupported',
      facts: { outcome: 'not-applied' },
    });
  });
});

describe('giving back', () => {
  test('a label that was scanned is refused in UPS’s words', async () => {
    const { carrier, sandbox } = account();
    const label = await carrier.buy(request, intentMemo());
    sandbox.scan(label.trackingNumber, 'accepted');
    expect(await carrier.voidLabel(label, intentMemo('void'))).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('already been completed'),
    });
  });

  test('"not found in the allowed period" is no refusal where the parcel’s own record says voided', async () => {
    const { carrier, sandbox } = account();
    const label = await carrier.buy(request, intentMemo());
    await carrier.voidLabel(label, intentMemo('void'));
    sandbox.refuseNextVoid();
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
  });
});

describe('around a label', () => {
  test('a subscription ends after 14 days', async () => {
    const { carrier } = account();
    const label = await carrier.buy(request, intentMemo());
    expect(await carrier.trackingPush?.make(label, intentMemo('track'))).toEqual({
      ref: label.trackingNumber,
      endsAt: '2026-12-07T14:00:00.000Z',
    });
  });

  test('a number that is none of UPS’s cannot be subscribed to', async () => {
    await expect(
      account().carrier.trackingPush?.make({ trackingNumber: '1ZA1B2C30300000010', service: '03' }, intentMemo('track')),
    ).rejects.toMatchObject({ facts: { outcome: 'not-applied' } });
  });

  test('without a credential no webhook is listened to', () => expect(account().carrier.verifyWebhook).toBe(null));

  test('an address abroad is not checked, and nothing is asked', async () => {
    const { carrier, calls } = account();
    expect((await carrier.addressCheck?.(konrad))?.kind).toBe('unsupported');
    expect(calls).toEqual([]);
  });

  test('a pickup whose answer was lost is found by its reference, and one that was not made is absent in the end', async () => {
    const { carrier, sandbox, clock } = account({
      faults: (call, { url }) => (call === 1 && url.includes('pickupcreation') ? 'drop-after' : null),
    });
    const { pickup } = carrier;
    const asked = { at: dock, from: '2026-11-23T15:00:00.000Z', until: '2026-11-23T20:00:00.000Z', labels: [], grams: 1_000, note: null };
    const kept = intentMemo('pickup-1');
    await expect(pickup?.make(asked, kept)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    expect(await pickup?.find(asked, kept)).toEqual({ kind: 'found', result: { ref: sandbox.snapshot().pickups[0]?.prn, price: null } });
    const other = intentMemo('pickup-2', { pickupSentAt: clock.now() });
    expect((await pickup?.find(asked, other))?.kind).toBe('pending');
    await clock.sleep(120_000);
    expect((await pickup?.find(asked, other))?.kind).toBe('absent');
  });

  test('hours of a pickup are those of the node’s own clock', async () => {
    const { carrier, bodies } = account();
    await carrier.pickup?.make(
      { at: dock, from: '2026-11-23T15:00:00.000Z', until: '2026-11-23T20:30:00.000Z', labels: [], grams: 1_000, note: null },
      intentMemo(),
    );
    expect(bodies.at(-1)).toContain('"PickupDateInfo":{"CloseTime":"1530","ReadyTime":"1000","PickupDate":"20261123"}');
  });
});
