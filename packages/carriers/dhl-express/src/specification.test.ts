import { serviceNames } from '@quartermaster/connector-kit';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  answerOf as describedAnswer,
  misfits,
  noSpecification,
  operationOf,
  readSpecification,
  requestSchemaOf,
} from '@quartermaster/connector-kit/testing';
import { plainDelivery } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { productPrice, shippedPrice } from './charges.ts';
import { dhlFault } from './faults.ts';
import { saysNoData } from './label-lookup.ts';
import { statusTable } from './status-table.ts';
import { abroad, account, ada, customs, keys, request } from './testing/account.ts';
import { misfitsOfCall } from './testing/misfits-of-call.ts';
import { answerOf } from './tracking.ts';
import { ratesOf } from './translate.ts';
import { wirePickupSchema, wireRatesSchema, wireShippedSchema, wireTrackingSchema } from './wire.ts';

// DHL's own specification: read where it is, and never copied.
const specs = new URL('../../../../../shared/specs/dhl_express/', import.meta.url);
const file = new URL('dpdhl-express-api-3.1.1_swagger.yaml', specs);
const absent = !existsSync(file);
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
};

describe.skipIf(absent)(`against DHL's specification${reason}`, () => {
  const specification = absent ? noSpecification : readSpecification(file);
  const documented = (method: string, path: string, status: string): readonly unknown[] => {
    const operation = operationOf(specification, method, path);
    return operation === null ? [] : describedAnswer(specification, operation, status).examples;
  };

  test('every request of ours is one that DHL describes, with its query, its headers and its body', async () => {
    const found = (await everyOperation()).flatMap(({ method, path, query, headers, body }) => {
      const operation = operationOf(specification, method, path);
      if (operation === null) return [`${method} ${path} is not described`];
      const strange = misfitsOfCall(specification, operation, { query, headers });
      const described = requestSchemaOf(specification, operation);
      if (body === '') return described === null ? strange : [...strange, `${operation.operationId} has no body`];
      if (described === null) return [...strange, `${operation.operationId} has a body where none is`];
      return [...strange, ...misfits(specification, described, JSON.parse(body), 'request', operation.operationId)];
    });
    expect([...new Set(found)]).toEqual([]);
  });

  test('every operation that we know of was used', async () => {
    const used = (await everyOperation()).map(({ method, path }) => operationOf(specification, method, path)?.operationId ?? path);
    expect([...new Set(used)].toSorted()).toEqual([
      'exp-api-address-validate',
      'exp-api-pickups',
      'exp-api-pickups-cancel',
      'exp-api-rates-many',
      'exp-api-shipments',
      'exp-api-shipments-documentimage',
      'exp-api-shipments-tracking',
      'exp-api-shipments-tracking-multi',
    ]);
  });

  test('every answer of the sandbox has what DHL’s have, and nothing else', async () => {
    const found = (await everyOperation()).flatMap(({ method, path, answer, status }) => {
      const operation = operationOf(specification, method, path);
      if (operation?.responses[String(status)] === undefined) return [`${method} ${path} never answers ${status}`];
      const { schema } = describedAnswer(specification, operation, status);
      if (schema === null) return answer === '' ? [] : [`${method} ${path} answers with a body`];
      return misfits(specification, schema, JSON.parse(answer), 'answer', operation.operationId);
    });
    expect([...new Set(found)]).toEqual([]);
  });

  test('the documented rates are understood, to the cent', () => {
    const [example] = documented('POST', '/rates', '200').map((value) => wireRatesSchema.parse(value));
    const { rates, problems } = ratesOf(example?.products ?? [], { currency: 'GBP', zone: 'Asia/Singapore' }, serviceNames({}));
    expect(problems).toEqual([]);
    expect(rates).toEqual([
      {
        service: 'P',
        total: { minor: 15_795, currency: 'GBP' },
        charges: [
          { type: 'shipping', amount: { minor: 13_000, currency: 'GBP' }, vendorCode: null },
          { type: 'additional-fees', amount: { minor: 27, currency: 'GBP' }, vendorCode: 'CR' },
          { type: 'fuel-charge', amount: { minor: 2_768, currency: 'GBP' }, vendorCode: 'FF' },
        ],
        billable: { grams: 1_500, because: 'actual' },
        zone: null,
        arrival: { day: '2022-11-24', transitDays: 3, percentiles: null, isGuaranteed: true },
        expiresAt: '2022-11-21T11:00:00.000Z',
        isNegotiated: true,
      },
    ]);
    expect(example?.products.map((product) => productPrice(product)?.total.minor)).toEqual([15_795]);
  });

  test('the documented shipments are understood', () => {
    const shipped = documented('POST', '/shipments', '201').map((value) => wireShippedSchema.parse(value));
    expect(shipped.map(({ shipmentTrackingNumber, documents }) => [shipmentTrackingNumber, documents?.[0]?.typeCode])).toEqual([
      ['1103733901', 'label'],
      ['5374534546', 'label'],
      ['5374534616', 'label'],
      ['5310907744', 'label'],
      [undefined, undefined],
      ['5374534616', 'label'],
    ]);
    expect(shipped.map((one) => shippedPrice(one))).toEqual(shipped.map(() => null));
  });

  test('the documented way of a parcel is understood, without who signed for it', () => {
    const [example] = documented('GET', '/shipments/1234567890/tracking', '200').map((value) => wireTrackingSchema.parse(value));
    const answer = answerOf('1234567890', example?.shipments ?? []);
    expect(answer.events.map(({ state }) => state)).toEqual([
      'picked-up',
      'in-transit',
      'in-transit',
      'in-transit',
      'info',
      'info',
      'in-transit',
      'in-transit',
      'in-transit',
      'in-transit',
      'in-transit',
      'out-for-delivery',
      'delivered',
    ]);
    expect(answer.events.at(-1)).toEqual({
      at: '2023-08-10T11:59:23.000Z',
      isZoneKnown: false,
      state: 'delivered',
      reason: null,
      vendorCode: 'OK',
      text: 'Delivered',
      place: 'AUCKLAND-NZ',
    });
  });

  test('the documented pickup is understood', () => {
    expect(documented('POST', '/pickups', '201').map((value) => wirePickupSchema.parse(value).dispatchConfirmationNumbers)).toEqual([
      ['PRG221222000062'],
    ]);
  });

  test('every documented refusal is told in DHL’s words, with its number where it has one', () => {
    const told = (
      [
        ['POST', '/rates', '400'],
        ['POST', '/rates', '500'],
        ['POST', '/shipments', '400'],
        ['POST', '/shipments', '422'],
        ['GET', '/tracking', '404'],
        ['GET', '/shipments/1/get-image', '404'],
        ['POST', '/pickups', '400'],
        ['DELETE', '/pickups/PRG1', '404'],
      ] as const
    ).flatMap(([method, path, status]) =>
      documented(method, path, status).map((value) => {
        const reply = { status: Number(status), headers: {}, text: JSON.stringify(value) };
        const fault = dhlFault({ operation: 'x', reply, now: '2026-11-23T08:00:00.000Z', purchase: false, redact: (text) => text });
        return [fault?.code, fault?.facts.vendorCode, fault?.facts.outcome];
      }),
    );
    expect(told).toEqual([
      ['invalid-request', 'Bad request', 'not-applied'],
      ['server-error', '999', 'unknown'],
      ['invalid-request', '998', 'not-applied'],
      ['invalid-request', '7008', 'not-applied'],
      ['invalid-request', 'Validation error', 'not-applied'],
      ['not-found', 'Not data found', 'not-applied'],
      ['not-found', '1504', 'not-applied'],
      ['invalid-request', '8003', 'not-applied'],
      ['not-found', 'Pickup not found', 'not-applied'],
    ]);
  });

  test('what DHL documents of a reference that it does not know is taken for that, and a proxy’s 404 is not', () => {
    const [example] = documented('GET', '/tracking', '404');
    const reply = { status: 404, headers: {}, text: JSON.stringify(example) };
    const fault = dhlFault({ operation: 'x', reply, now: '2026-11-23T08:00:00.000Z', purchase: false, redact: (text) => text });
    expect([saysNoData(fault?.facts ?? { message: '' }), saysNoData({ message: 'answered with HTTP 404' })]).toEqual([true, false]);
  });

  test('every status code that DHL publishes for Express has a meaning', () => {
    const published = readFileSync(new URL('status_1.csv', specs), 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('express;') ? (line.split(';')[1] ?? []) : []));
    expect(published).toHaveLength(44);
    expect(published.filter((code) => statusTable[code] === undefined)).toEqual([]);
  });
});

let exchanged: Promise<readonly Exchange[]> | undefined;

/** Everything that we ever ask DHL, with what the sandbox answers. */
function everyOperation(): Promise<readonly Exchange[]> {
  return (exchanged ??= askEverything());
}

async function askEverything(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const { sandbox, clock } = account();
  const { carrier } = account({
    carrier: {
      clock,
      baseUrl: 'https://dhl.test/mydhlapi',
      paperlessTrade: true,
      fetch: async (input, init) => {
        const asked = new Request(input, init);
        const body = await asked.clone().text();
        const response = await sandbox.app(asked);
        const { pathname, searchParams } = new URL(asked.url);
        exchanges.push({
          method: asked.method,
          path: pathname.replace('/mydhlapi', ''),
          query: searchParams,
          headers: Object.fromEntries(asked.headers),
          body,
          status: response.status,
          answer: await response.clone().text(),
        });
        return response;
      },
    },
  });
  const demanding = { ...plainDelivery, signature: 'adult', onSaturday: true, insured: { minor: 50_000, currency: 'EUR' } } as const;
  const label = await carrier.buy(request, intentMemo('1'));
  sandbox.scan(label.trackingNumber, 'accepted');
  sandbox.scan(label.trackingNumber, 'delivered');
  await carrier.probe();
  await carrier.rates({ ...request, currency: 'EUR' });
  await carrier.rates({ ...abroad, shipTo: ada, currency: 'EUR' });
  await carrier.rates({ ...request, parcel: { ...request.parcel, grams: 900_000 }, currency: 'EUR' });
  await carrier.buy(
    { ...request, format: 'zpl', delivery: demanding, parcel: { ...request.parcel, grams: 1_234, millimetres: null } },
    intentMemo('2'),
  );
  await carrier.buy(abroad, intentMemo('3'));
  await carrier.buy(
    { ...request, shipFrom: request.shipTo, shipTo: request.shipFrom, delivery: { ...plainDelivery, isReturn: true } },
    intentMemo('4'),
  );
  await carrier.buy(
    { ...abroad, delivery: { ...demanding, signature: 'anyone', customs: { ...customs, contents: 'gift', incoterm: 'DAP' } } },
    intentMemo('5'),
  );
  await carrier.reconcile(request, {}, intentMemo('1'));
  await carrier.reconcile(request, {}, intentMemo('never'));
  await carrier.documents?.(label, 'pdf');
  await carrier.addressCheck?.(request.shipTo);
  await carrier.addressCheck?.({ ...request.shipTo, postalCode: '00000', city: 'Atlantis' });
  await carrier.tracking?.track([label.trackingNumber, '0000000000']);
  const pickup = {
    at: request.shipFrom,
    from: '2026-11-23T15:00:00.000Z',
    until: '2026-11-23T17:00:00.000Z',
    labels: [label],
    grams: 1_000,
    note: 'Ring twice',
  };
  const booked = await carrier.pickup?.make(pickup, intentMemo('6'));
  await carrier.pickup?.cancel(booked?.ref ?? '');
  expect(
    exchanges
      .filter(({ answer, status }) => ![200, 201, 404].includes(status) && !answer.includes('not found') && !answer.includes('996'))
      .map(({ path, answer }) => `${path} ${answer}`),
  ).toEqual([]);
  expect(exchanges.every(({ headers }) => headers['authorization']?.includes(keys.password) === false)).toBe(true);
  return exchanges;
}
