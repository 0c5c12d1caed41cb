import { tokenAnswerSchema } from '@quartermaster/connector-kit';
import { intentMemo, sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { fullExample, misfits, mugCustoms, readSpecification, schemaOf } from '@quartermaster/connector-kit/testing';
import { plainDelivery, type LabelRequest } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { upsCarrier } from './index.ts';
import { createUpsSandbox, type SandboxService } from './sandbox/index.ts';
import { statusTable } from './status-table.ts';
import { konrad, request } from './testing/account.ts';
import * as wire from './wire.ts';

// UPS's own specifications, read where they are and never copied.
const specs = new URL('../../../../../shared/specs/ups/', import.meta.url);
const files = {
  rating: 'Rating',
  shipping: 'Shipping',
  tracking: 'Tracking',
  alert: 'UPSTrackAlert',
  address: 'AddressValidation',
  pickup: 'Pickup',
  token: 'OAuthClientCredentials',
} as const;
type Api = keyof typeof files;
const specificationOf = (api: Api) => readSpecification(new URL(`${files[api]}.yaml`, specs));
const absent = !existsSync(specs);
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

/** Which schemas a call is held against, by method and path. */
const described: readonly { readonly call: RegExp; readonly api: Api; readonly request: string | null; readonly answer: string }[] = [
  { call: /^POST \/security\/v1\/oauth\/token$/, api: 'token', request: null, answer: 'tokenSuccessResponse' },
  {
    call: /^POST \/api\/rating\/v2409\/(Rate|Shoptimeintransit)$/,
    api: 'rating',
    request: 'RATERequestWrapper',
    answer: 'RATEResponseWrapper',
  },
  { call: /^POST \/api\/shipments\/v2409\/ship$/, api: 'shipping', request: 'SHIPRequestWrapper', answer: 'SHIPResponseWrapper' },
  { call: /^DELETE \/api\/shipments\/v2409\/void\/cancel\/1Z\w+$/, api: 'shipping', request: null, answer: 'VOIDSHIPMENTResponseWrapper' },
  {
    call: /^POST \/api\/labels\/v1\/recovery$/,
    api: 'shipping',
    request: 'LABELRECOVERYRequestWrapper',
    answer: 'LABELRECOVERYResponseWrapper',
  },
  { call: /^GET \/api\/track\/v1\/details\/1Z\w+$/, api: 'tracking', request: null, answer: 'TrackApiResponse' },
  {
    call: /^POST \/api\/track\/v2\/subscription\/standard\/package$/,
    api: 'alert',
    request: 'PackageSubscriptionRequest',
    answer: 'PackageSubscriptionSuccessResponse',
  },
  { call: /^POST \/api\/addressvalidation\/v2\/3$/, api: 'address', request: 'XAVRequestWrapper', answer: 'XAVResponseWrapper' },
  {
    call: /^POST \/api\/pickupcreation\/v2409\/pickup$/,
    api: 'pickup',
    request: 'PICKUPCreationRequestWrapper',
    answer: 'PICKUPCreationResponseWrapper',
  },
  { call: /^GET \/api\/shipments\/v2409\/pickup\/oncall$/, api: 'pickup', request: null, answer: 'PICKUPPendingResponseWrapper' },
  { call: /^DELETE \/api\/shipments\/v2409\/pickup\/02$/, api: 'pickup', request: null, answer: 'PICKUPCancelResponseWrapper' },
];

/**
 * Where UPS's own examples and words are otherwise than its schemas: it demands both numbers and references of a look-up that takes either, gives days of pickups four characters and hours none,
 * and demands descriptions that its examples leave out.
 */
const knownErrors = [
  // Required by the schema, and not among its properties.
  '.RateRequest.Request.RequestOption is not in the specification',
  '.LabelRecoveryRequest.TrackingNumbers is missing',
  '.LabelRecoveryRequest.ReferenceValues is missing',
  '.PickupCreationRequest.PickupDateInfo.PickupDate is longer than 4',
];

/** UPS's least lengths are those of its widest fields: two figures of a service are too short for it. */
const isShort = (found: string) => / is shorter than \d+$/.test(found);

type Exchange = { readonly call: string; readonly body: string; readonly answer: string; readonly status: number };

describe.skipIf(absent)(`against UPS's specifications${reason}`, () => {
  test('every request of ours is one that UPS describes', async () => {
    const found = (await everyOperation()).flatMap(({ call, body }) => {
      const of = described.find((one) => one.call.test(call));
      if (of === undefined) return [`${call} is not described`];
      if (of.request === null || body === '') return [];
      const specification = specificationOf(of.api);
      return misfits(specification, schemaOf(specification, of.request), JSON.parse(body), 'request');
    });
    expect([...new Set(found)].filter((one) => !knownErrors.includes(one) && !isShort(one))).toEqual([]);
  });

  test('every operation that we know of was used', async () => {
    const calls = (await everyOperation()).map(({ call }) => call);
    expect(described.filter((one) => !calls.some((call) => one.call.test(call))).map(({ call }) => call.source)).toEqual([]);
  });

  test('every answer of the sandbox has what UPS’s have, and nothing else', async () => {
    const found = (await everyOperation()).flatMap(({ call, answer, status }) => {
      const of = described.find((one) => one.call.test(call));
      if (of === undefined || status >= 300) return [];
      const specification = specificationOf(of.api);
      return misfits(specification, schemaOf(specification, of.answer), JSON.parse(answer), 'answer');
    });
    expect([...new Set(found)].filter((one) => !isShort(one))).toEqual([]);
  });

  test.each<[string, Api, string, ZodType]>([
    ['rates', 'rating', 'RATEResponseWrapper', wire.wireRatesSchema],
    ['a shipment', 'shipping', 'SHIPResponseWrapper', wire.wireShippedSchema],
    ['a void', 'shipping', 'VOIDSHIPMENTResponseWrapper', wire.wireVoidedSchema],
    ['a recovered label', 'shipping', 'LABELRECOVERYResponseWrapper', wire.wireRecoveredSchema],
    ['a tracked parcel', 'tracking', 'TrackApiResponse', wire.wireTrackedSchema],
    ['a subscription', 'alert', 'PackageSubscriptionSuccessResponse', wire.wireSubscribedSchema],
    ['a pushed event', 'alert', 'TrackingEventRequest', wire.wireEventSchema],
    ['a checked address', 'address', 'XAVResponseWrapper', wire.wireCheckedSchema],
    ['a pickup', 'pickup', 'PICKUPCreationResponseWrapper', wire.wirePickupSchema],
    ['pending pickups', 'pickup', 'PICKUPPendingResponseWrapper', wire.wirePendingPickupsSchema],
    ['a token', 'token', 'tokenSuccessResponse', tokenAnswerSchema],
    ['an error', 'rating', 'ErrorResponse', wire.wireErrorSchema],
  ])('%s with all that UPS describes is understood', (_, api, name, schema) => {
    const specification = specificationOf(api);
    const text = (property: string) => (/Code$|^CurrencyCode/.test(property) && property === 'CurrencyCode' ? 'USD' : '12.50');
    expect(schema.safeParse(fullExample(specification, schemaOf(specification, name), { text })).error?.issues ?? []).toEqual([]);
  });

  test('every status code that UPS publishes has a meaning', () => {
    const page = readFileSync(new URL('Tracking-status-description-codes.html', specs), 'utf8');
    const published = [...page.matchAll(/<td[^>]*>\s*(\d{1,3})\s*<\/td>/g)].map(([, code]) => (code ?? '').padStart(3, '0'));
    expect(published.length).toBe(160);
    expect(published.filter((code) => statusTable[code] === undefined)).toEqual([]);
  });
});

async function everyOperation(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const keys = { clientId: 'client', clientSecret: 'secret', accountNumber: 'A1B2C3' };
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const lane = (code: string, to: string): SandboxService => ({
    code,
    name: 'UPS',
    from: '*',
    to,
    baseMinor: 900,
    perPoundMinor: 10,
    days: 3,
  });
  const sandbox = createUpsSandbox({ ...keys, clock, currency: 'USD', services: [lane('03', 'US'), lane('07', '*')] });
  const app = async (request: Request): Promise<Response> => {
    const body = await request.clone().text();
    const response = await sandbox.app(request);
    const { pathname } = new URL(request.url);
    exchanges.push({
      call: `${request.method} ${pathname}`,
      body: body.startsWith('{') ? body : '',
      answer: await response.clone().text(),
      status: response.status,
    });
    return response;
  };
  const carrier = upsCarrier({
    connection: 'ups',
    ...keys,
    currency: 'USD',
    zone: 'America/New_York',
    clock,
    fetch: sandboxFetch({ 'https://onlinetools.ups.com': app }),
  });
  const label = await carrier.buy(request, intentMemo('1'));
  await carrier.rates({ ...request, currency: 'USD' });
  await carrier.rates({ ...abroad, currency: 'USD' });
  await carrier.buy(
    {
      ...request,
      format: 'pdf',
      delivery: { ...plainDelivery, signature: 'adult', onSaturday: true, insured: { minor: 50_000, currency: 'USD' } },
    },
    intentMemo('2'),
  );
  await carrier.buy(
    { ...request, shipFrom: request.shipTo, shipTo: request.shipFrom, delivery: { ...plainDelivery, isReturn: true } },
    intentMemo('3'),
  );
  await carrier.buy(abroad, intentMemo('4'));
  await carrier.reconcile(request, {}, intentMemo('1'));
  await carrier.addressCheck?.(request.shipTo);
  await carrier.tracking?.track([label.trackingNumber]);
  await carrier.trackingPush?.make({ trackingNumber: label.trackingNumber, service: '03' }, intentMemo('5'));
  const pickup = {
    at: request.shipFrom,
    from: '2026-11-23T15:00:00.000Z',
    until: '2026-11-23T20:00:00.000Z',
    labels: [label],
    grams: 1_000,
    note: 'Ring twice',
  };
  const booked = await carrier.pickup?.make(pickup, intentMemo('6'));
  await carrier.pickup?.find(pickup, intentMemo('6'));
  await carrier.pickup?.cancel(booked?.ref ?? '');
  await carrier.voidLabel(label, intentMemo('7'));
  expect(exchanges.filter(({ status }) => status >= 300).map(({ call, answer }) => `${call} ${answer}`)).toEqual([]);
  return exchanges;
}

const customs = mugCustoms('USD', 'US', [
  { of: 'sender', type: 'IOSS', value: 'IM3720000224', country: 'DE' },
  { of: 'sender', type: 'EIN', value: '12-3456789', country: 'US' },
  { of: 'recipient', type: 'VAT', value: 'DE123456789', country: 'DE' },
]);
const abroad: LabelRequest = { ...request, service: '07', shipTo: konrad, delivery: { ...plainDelivery, customs, signature: 'anyone' } };
