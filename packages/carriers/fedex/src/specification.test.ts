import { tokenAnswerSchema } from '@quartermaster/connector-kit';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  answerOf,
  fullExample,
  misfits,
  operationOf,
  readSpecification,
  requestSchemaOf,
  type SpecOperation,
  type Specification,
} from '@quartermaster/connector-kit/testing';
import { plainDelivery } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { statusTable } from './status-table.ts';
import { abroad, account, request, wayBack } from './testing/account.ts';
import * as wire from './wire.ts';

// FedEx's own specifications, read where they are and never copied.
const specs = new URL('../../../../../shared/specs/fedex/', import.meta.url);
const files = [
  'authorization',
  'rates-transit-times',
  'ship',
  'open-ship',
  'track',
  'address-validation',
  'pickup-request',
  'ground-eod-close',
] as const;
type File = (typeof files)[number];
const fileOf = (file: File) => new URL(`${file}.v1.json`, specs);
const absent = !existsSync(specs);
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';
const openShipAbsent = !existsSync(fileOf('open-ship'));

const specifications = absent ? [] : files.filter((file) => existsSync(fileOf(file))).map((file) => readSpecification(fileOf(file)));

/** What the specifications say of a call such as `POST /ship/v1/shipments`. */
function described(call: string): { readonly specification: Specification; readonly operation: SpecOperation } | null {
  const [method = '', path = ''] = call.split(' ');
  for (const specification of specifications) {
    const operation = operationOf(specification, method, path);
    if (operation !== null) return { specification, operation };
  }
  return null;
}

/** Examples of refusals that are shown of a call, by status. */
function refusalsOf(call: string): (readonly [string, unknown])[] {
  const of = described(call);
  if (of === null) return [];
  const { specification, operation } = of;
  return Object.keys(operation.responses).flatMap((status) =>
    status === '200'
      ? []
      : answerOf(specification, operation, status)
          .examples.slice(0, 1)
          .map((example) => [status, example] as const),
  );
}

const isHere = (call: string) => !(openShipAbsent && call.includes('/openshipments/'));

/**
 * Where FedEx's own words are otherwise than its schemas: they demand a state of every address and say beside it that only the United States, Canada and Puerto Rico have one.
 */
const knownErrors = [
  '.requestedShipment.recipients[].address.stateOrProvinceCode is missing',
  '.requestedShipment.shipper.address.stateOrProvinceCode is missing',
];

/** What is read of the answer of each call. */
const answers: readonly (readonly [string, string, ZodType])[] = [
  ['a token', 'POST /oauth/token', tokenAnswerSchema],
  ['rates', 'POST /rate/v1/rates/quotes', wire.wireRatesSchema],
  ['an open shipment', 'POST /ship/v1/openshipments/create', wire.wireOpenedSchema],
  ['a retrieved shipment', 'POST /ship/v1/openshipments/retrieve', wire.wireRetrievedSchema],
  ['a confirmed shipment', 'POST /ship/v1/openshipments/', wire.wireShippedSchema],
  ['a shipment in one step', 'POST /ship/v1/shipments', wire.wireShippedSchema],
  ['a cancellation', 'PUT /ship/v1/shipments/cancel', wire.wireCancelledSchema],
  ['tracked parcels', 'POST /track/v1/trackingnumbers', wire.wireTrackedSchema],
  ['a tracked reference', 'POST /track/v1/referencenumbers', wire.wireTrackedSchema],
  ['a resolved address', 'POST /address/v1/addresses/resolve', wire.wireResolvedSchema],
  ['a pickup', 'POST /pickup/v1/pickups', wire.wirePickupSchema],
  ['the end of a day', 'PUT /ship/v1/endofday/', wire.wireClosedSchema],
  ['a reprinted end of a day', 'POST /ship/v1/endofday/', wire.wireClosedSchema],
];

type Exchange = { readonly call: string; readonly body: string; readonly answer: string };

describe.skipIf(absent)(`against FedEx's specifications${reason}`, () => {
  test('every request of ours is one that FedEx describes', async () => {
    const found = (await everyOperation()).flatMap(({ call, body }) => {
      const of = described(call);
      if (of === null) return [`${call} is not described`];
      const value: unknown = body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
      return misfits(of.specification, requestSchemaOf(of.specification, of.operation) ?? {}, value, 'request');
    });
    expect([...new Set(found)].filter((one) => !knownErrors.includes(one))).toEqual([]);
  });

  test('every answer of the sandbox has what FedEx’s have, and nothing else', async () => {
    const found = (await everyOperation()).flatMap(({ call, answer }) => {
      const of = described(call);
      return of === null
        ? []
        : misfits(of.specification, answerOf(of.specification, of.operation, 200).schema ?? {}, JSON.parse(answer), 'answer');
    });
    expect([...new Set(found)]).toEqual([]);
  });

  test.each(answers.filter(([, call]) => isHere(call)))('%s with all that FedEx describes is understood', (_, call, schema) => {
    const of = described(call);
    if (of === null) throw new RangeError(`${call} is not described`);
    const text = (name: string) => (name === 'currency' ? 'USD' : '12.50');
    const whole = fullExample(of.specification, answerOf(of.specification, of.operation, 200).schema ?? {}, { text, number: 7.25 });
    expect(schema.safeParse(whole).error?.issues ?? []).toEqual([]);
    expect(Object.keys(Object(whole)).length).toBeGreaterThan(0);
  });

  test('every refusal that FedEx shows is understood, with its code', async () => {
    const calls = new Set((await everyOperation()).map(({ call }) => call));
    const refusals = [...calls].flatMap((call) => refusalsOf(call).map(([status, example]) => ({ call, status, example })));
    // Some examples of 404 are in no envelope of FedEx's: those are told by their status.
    const enveloped = refusals.filter(({ example }) => typeof example === 'object' && example !== null && 'errors' in example);
    expect(enveloped.length).toBeGreaterThan(20);
    expect(
      enveloped.filter(({ example }) => !wire.wireErrorSchema.safeParse(example).success).map(({ call, status }) => `${status} ${call}`),
    ).toEqual([]);
  });

  test('every status code that FedEx publishes has a meaning, but for those that say who holds a parcel', () => {
    const page = readFileSync(new URL('Tracking-Status-Codes.html', specs), 'utf8');
    const cells = [...page.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) =>
      (cell ?? '').replaceAll(/<[^>]*>|&nbsp;/g, ' ').trim(),
    );
    const published = cells.filter((cell) => /^[A-Z][A-Za-z]$/.test(cell));
    expect(published.length).toBeGreaterThan(50);
    expect([...new Set(published)].filter((code) => statusTable[code] === undefined).toSorted()).toEqual(['BR', 'CU', 'SH', 'TP']);
  });
});

let exchanges: Promise<readonly Exchange[]> | undefined;

/** Every operation once, in all its forms; those of Open Ship where its specification is here. */
function everyOperation(): Promise<readonly Exchange[]> {
  exchanges ??= allOfThem().then((all) => all.filter(({ call }) => isHere(call)));
  return exchanges;
}

async function allOfThem(): Promise<readonly Exchange[]> {
  const { carrier, calls, bodies, answers } = account();
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
  await carrier.buy({ ...wayBack, format: 'png' }, intentMemo('3'));
  await carrier.buy(abroad, intentMemo('4'));
  await carrier.addressCheck?.(request.shipTo);
  await carrier.tracking?.track([label.trackingNumber]);
  const kept = intentMemo('5');
  const opened = await carrier.buy(request, kept);
  await carrier.reconcile(request, kept.refs, kept);
  await carrier.reconcile(request, { ...kept.refs, trackingNumber: '' }, kept);
  const pickup = {
    at: request.shipFrom,
    from: '2026-11-23T15:00:00.000Z',
    until: '2026-11-23T20:00:00.000Z',
    labels: [label],
    grams: 1_000,
    note: 'Ring twice',
  };
  const booked = await carrier.pickup?.make(pickup, intentMemo('6'));
  await carrier.pickup?.cancel(booked?.ref ?? '');
  const day = { from: request.shipFrom, day: '2026-11-23', labels: [label] };
  await carrier.manifest?.make(day, intentMemo('7'));
  await carrier.manifest?.find(day, intentMemo('7'));
  await carrier.voidLabel(opened, intentMemo('8'));
  const all = calls.map((call, nth) => ({ call, body: bodies[nth] ?? '', answer: answers[nth] ?? '' }));
  // What is not open any more is refused when it is looked up: nothing else was.
  return all.filter(({ answer }) => !answer.includes('"errors"'));
}
