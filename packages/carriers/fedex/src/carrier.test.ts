import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { fedexCarrier, fedexTestUrl } from './index.ts';
import { abroad, account, ada, faultAt, keys, konrad, request, service, wayBack } from './testing/account.ts';

describe('rates', () => {
  test('are of our contract, with their parts, the weight that is billed, and the day of arrival', async () => {
    const { carrier } = account();
    const { rates, problems } = await carrier.rates({ ...request, currency: 'USD' });
    expect(problems).toEqual([]);
    const rate = rates.find((each) => each.service === 'FEDEX_GROUND');
    expect(rate).toMatchObject({
      total: { minor: 1_727, currency: 'USD' },
      charges: [
        { type: 'shipping', amount: { minor: 1_080 } },
        { type: 'discount', amount: { minor: -216 } },
        { type: 'delivery', vendorCode: 'RESIDENTIAL_DELIVERY', amount: { minor: 595 } },
        { type: 'fuel-charge', vendorCode: 'FUEL', amount: { minor: 268 } },
      ],
      billable: { grams: 1_361, because: 'actual' },
      zone: '04',
      arrival: { day: '2026-11-26', transitDays: 3, percentiles: null, isGuaranteed: true },
      isNegotiated: true,
    });
  });

  test('of the list are said to be so, and those in another currency are a problem in words', async () => {
    const { carrier } = account({ carrier: { fetch: listOnly() } });
    expect((await carrier.rates({ ...request, currency: 'USD' })).problems).toEqual(['FedEx FEDEX_GROUND is priced in GBP, not in USD.']);
    expect((await carrier.rates({ ...request, currency: 'GBP' })).rates).toMatchObject([
      { total: { minor: 2_000, currency: 'GBP' }, isNegotiated: false },
    ]);
  });

  test('go by names of ours where there are such', async () => {
    const { carrier } = account({ carrier: { serviceMap: { ground: 'FEDEX_GROUND' } } });
    expect((await carrier.rates({ ...request, currency: 'USD' })).rates.map((rate) => rate.service)).toEqual([
      'INTERNATIONAL_ECONOMY',
      'ground',
    ]);
    expect((await carrier.buy({ ...request, service: 'ground' }, intentMemo())).service).toBe('ground');
  });
});

describe('what is declared', () => {
  test('pounds and inches from the United States, kilograms and centimetres elsewhere, all rounded up', async () => {
    const { carrier, bodies } = account();
    const lineOf = () => JSON.parse(bodies.at(-1) ?? '').requestedShipment.requestedPackageLineItems[0];
    await carrier.rates({ ...request, currency: 'USD' });
    expect(lineOf()).toMatchObject({ weight: { units: 'LB', value: 2.3 }, dimensions: { length: 12, width: 8, height: 4, units: 'IN' } });
    await carrier.rates({ ...request, shipFrom: konrad, currency: 'USD' });
    expect(lineOf()).toMatchObject({ weight: { units: 'KG', value: 1 }, dimensions: { length: 30, width: 20, height: 10, units: 'CM' } });
  });

  test('to the customs: every article with its value, the invoice, who pays, and the numbers of both', async () => {
    const { carrier, bodies, calls } = account();
    await carrier.buy(abroad, intentMemo());
    const { requestedShipment } = JSON.parse(bodies[calls.indexOf('POST /ship/v1/openshipments/create')] ?? '');
    expect(requestedShipment).toMatchObject({
      shipper: {
        tins: [
          { number: 'IM3720000224', tinType: 'BUSINESS_UNION' },
          { number: '12-3456789', tinType: 'FEDERAL' },
        ],
      },
      recipients: [{ tins: [{ number: 'DE123456789', tinType: 'BUSINESS_NATIONAL' }] }],
      customsClearanceDetail: {
        dutiesPayment: { paymentType: 'SENDER' },
        totalCustomsValue: { amount: 25, currency: 'USD' },
        commercialInvoice: { shipmentPurpose: 'SOLD', termsOfSale: 'DDP' },
        commodities: [
          { quantity: 2, unitPrice: { amount: 12.5 }, customsValue: { amount: 25 }, harmonizedCode: '691200', weight: { value: 1.77 } },
        ],
      },
    });
    expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({
      shippingDocumentSpecification: { shippingDocumentTypes: ['COMMERCIAL_INVOICE'] },
    });
  });

  test('a street that does not fit is not cut off, and nothing is bought', async () => {
    const { carrier, sandbox } = account();
    const long = {
      ...ada,
      lines: ['Corridor of the unabbreviated names', 'Staircase of the unabbreviated names', 'Door of names, 17', 'Bell of names, 4'],
    };
    await expect(carrier.buy({ ...request, shipTo: long }, intentMemo())).rejects.toMatchObject({ code: 'invalid-request' });
    expect(sandbox.snapshot().labels).toEqual([]);
  });
});

describe('giving back', () => {
  test('a label that FedEx has the parcel of is refused with FedEx’s words', async () => {
    const { carrier, sandbox } = account();
    const label = await carrier.buy(request, intentMemo());
    sandbox.scan(label.trackingNumber, 'accepted');
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({
      kind: 'refused',
      reason: 'The shipment was tendered to FedEx and cannot be cancelled.',
    });
  });

  test('a label whose cancellation was not answered is voided, by the parcel’s own record', async () => {
    const { carrier } = account({ faults: faultAt('/ship/v1/shipments/cancel', 'drop-after') });
    expect(await carrier.voidLabel(await carrier.buy(request, intentMemo()), intentMemo('void'))).toEqual({ kind: 'voided' });
  });
});

describe('a pickup', () => {
  const pickup = { at: request.shipFrom, from: '2026-11-23T15:00:00.000Z', until: '2026-11-23T20:30:00.000Z', grams: 1_000, note: null };

  test('is of the company that carries the labels, at the hours of the node', async () => {
    const { carrier, bodies } = account();
    const label = await carrier.buy(request, intentMemo());
    const booked = await carrier.pickup?.make({ ...pickup, labels: [label] }, intentMemo('pickup'));
    expect(booked).toEqual({ ref: 'FDXG/2026-11-23/NQAA01/', price: null });
    expect(JSON.parse(bodies.at(-1) ?? '')).toMatchObject({
      carrierCode: 'FDXG',
      originDetail: { readyDateTimestamp: '2026-11-23T10:00:00', customerCloseTime: '15:30:00' },
    });
  });

  test('of Ground and Express together is two', async () => {
    const { carrier } = account();
    const labels = [await carrier.buy(request, intentMemo('1')), await carrier.buy(abroad, intentMemo('2'))];
    await expect(carrier.pickup?.make({ ...pickup, labels }, intentMemo('pickup'))).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('of Express is called off with its location; once is enough', async () => {
    const { carrier, sandbox } = account();
    const booked = await carrier.pickup?.make({ ...pickup, labels: [await carrier.buy(abroad, intentMemo())] }, intentMemo('pickup'));
    expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toEqual({ kind: 'voided' });
    expect(sandbox.snapshot().pickups).toMatchObject([{ company: 'FDXE', isCancelled: true }]);
    expect((await carrier.pickup?.cancel(booked?.ref ?? ''))?.kind).toBe('refused');
  });

  test('that was not answered is left to a person, because FedEx lists none', async () => {
    const { carrier } = account({ faults: faultAt('/pickup/v1/pickups', 'drop-after') });
    const asked = { ...pickup, labels: [await carrier.buy(request, intentMemo())] };
    const kept = intentMemo('pickup');
    expect(await carrier.pickup?.find(asked, kept)).toEqual({ kind: 'absent' });
    const fault = await carrier.pickup?.make(asked, kept).then(
      () => null,
      (error: unknown) => error,
    );
    expect(isFault(fault) && fault.facts.outcome).toBe('unknown');
    expect(await carrier.pickup?.find(asked, kept)).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining('FDXG is booked for 2026-11-23'),
    });
  });
});

describe('the end of a day', () => {
  test('closes Ground, and leaves Express with the reason', async () => {
    const { carrier, sandbox } = account();
    const labels = [await carrier.buy(request, intentMemo('1')), await carrier.buy(abroad, intentMemo('2'))];
    const done = await carrier.manifest?.make({ from: request.shipFrom, day: '2026-11-23', labels }, intentMemo('close'));
    expect(done).toMatchObject({ ref: 'GND20261123', document: { format: 'txt' }, left: [{ ref: labels[1]?.ref }] });
    expect(sandbox.snapshot().labels.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test('is the same report when it is asked for again', async () => {
    const { carrier } = account();
    const day = { from: request.shipFrom, day: '2026-11-23', labels: [await carrier.buy(request, intentMemo())] };
    const done = await carrier.manifest?.make(day, intentMemo('close'));
    expect(await carrier.manifest?.make(day, intentMemo('close'))).toEqual(done);
  });

  test('that was not answered is found by its last label, and one that did not happen is absent', async () => {
    const { carrier } = account({ faults: faultAt('/ship/v1/endofday/', 'drop-after') });
    const early = await carrier.buy(request, intentMemo('1'));
    const day = { from: request.shipFrom, day: '2026-11-23', labels: [early] };
    await expect(carrier.manifest?.make(day, intentMemo('close'))).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    expect((await carrier.manifest?.find(day, intentMemo('close')))?.kind).toBe('found');
    const late = { ...day, labels: [early, await carrier.buy(request, intentMemo('2'))] };
    expect(await carrier.manifest?.find(late, intentMemo('close-2'))).toEqual({ kind: 'absent' });
  });

  test('of Express alone is none', async () => {
    const { carrier } = account();
    const day = { from: request.shipFrom, day: '2026-11-23', labels: [await carrier.buy(abroad, intentMemo())] };
    await expect(carrier.manifest?.make(day, intentMemo('close'))).rejects.toMatchObject({ code: 'refused' });
  });
});

test('an address that is good, one in other words, one that is not there, and one of a country that FedEx does not check', async () => {
  const { carrier } = account();
  const check = async (lines: string[], postalCode: string, country = 'US') =>
    (await carrier.addressCheck?.({ ...ada, lines, postalCode, country }))?.kind;
  expect(await check(['12 Harbor Drive'], '94104')).toBe('valid');
  expect(await check(['Nowhere at all'], '94104')).toBe('invalid');
  expect(await check(['12 Harbor Drive'], '94104', 'DE')).toBe('unsupported');
  expect(await carrier.addressCheck?.({ ...ada, lines: ['12 Harbor Drive'] })).toMatchObject({ isResidential: true });
});

test('Saturday, a signature and a declared value are in the price that is asked and in the price that is paid', async () => {
  const { carrier } = account();
  const delivery = { ...plainDelivery, onSaturday: true, signature: 'adult' as const, insured: { minor: 50_000, currency: 'USD' } };
  const rate = (await carrier.rates({ ...request, delivery, currency: 'USD' })).rates.find((each) => each.service === request.service);
  const label = await carrier.buy({ ...request, delivery }, intentMemo());
  expect(label.price).toEqual(rate?.total);
  expect(label.charges.map(({ vendorCode }) => vendorCode).filter(Boolean)).toEqual([
    'RESIDENTIAL_DELIVERY',
    'SIGNATURE_OPTION',
    'SATURDAY_DELIVERY',
    'INSURED_VALUE',
    'FUEL',
  ]);
});

test('a price of the list stands, where the contract has none for the way back', async () => {
  const { carrier } = account({ sandbox: { services: [service('FEDEX_GROUND')], discountPercent: 0 } });
  expect((await carrier.buy(wayBack, intentMemo())).charges.map(({ type }) => type)).not.toContain('discount');
});

test('an account number that is none is a mistake of the config, and the test environment says that it is one', async () => {
  expect(() => account({ carrier: { accountNumber: '12' } })).toThrow('nine digits');
  const { sandbox, clock } = account();
  const carrier = fedexCarrier({
    connection: 'fedex',
    ...keys,
    baseUrl: fedexTestUrl,
    currency: 'USD',
    zone: 'UTC',
    clock,
    fetch: async (input, init) => sandbox.app(new Request(input, init)),
  });
  expect(await carrier.probe()).toMatchObject({ account: 'FedEx 740561073', problems: [expect.stringContaining('test environment')] });
});

/** FedEx, where it names one price of the list in pounds sterling, by FedEx's own code of the currency. */
function listOnly(): typeof fetch {
  const rated = {
    rateType: 'LIST',
    totalNetCharge: 20,
    totalBaseCharge: 15,
    shipmentRateDetail: { currency: 'UKL', surCharges: [{ type: 'FUEL', amount: 5 }] },
  };
  return async (input) =>
    new Request(input).url.endsWith('/oauth/token')
      ? Response.json({ access_token: 'token', token_type: 'bearer', expires_in: 3_600, scope: 'CXS' })
      : Response.json({ output: { rateReplyDetails: [{ serviceType: 'FEDEX_GROUND', ratedShipmentDetails: [rated] }] } });
}
