import { intentMemo, sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import {
  answerOf,
  misfits,
  noSpecification,
  operationOf,
  parametersOf,
  readSpecification,
  requestSchemaOf,
  strangeNames,
  type SpecOperation,
  type Specification,
} from '@quartermaster/connector-kit/testing';
import { plainDelivery } from '@quartermaster/domain';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { sendcloudCarrier } from './index.ts';
import { chargeTypeOfBreakdown } from './options.ts';
import { createSendcloudSandbox } from './sandbox/index.ts';
import { statusMeanings } from './status-table.ts';
import { asked, back, customs, keys, request, returnRequest, standard } from './testing/given.ts';
import * as wire from './wire.ts';

// Sendcloud's own specification (API v3), read where it is and never copied.
const file = new URL('../../../../../shared/specs/sendcloud/openapi-v3.json', import.meta.url);
const absent = !existsSync(file);
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

/** The operations that we use, and what we read of their answers. */
const described = [
  { call: /^get \/user\/auth\/metadata$/, path: '/user/auth/metadata', status: '200', read: wire.wireAccountSchema },
  { call: /^post \/shipping-options$/, path: '/shipping-options', status: '200', read: wire.wireOptionsSchema },
  { call: /^post \/shipments\/announce$/, path: '/shipments/announce', status: '201', read: wire.wireShipmentSchema },
  { call: /^get \/shipments$/, path: '/shipments', status: '200', read: wire.wireShipmentsSchema },
  { call: /^get \/shipments\/[\w-]+$/, path: '/shipments/{id}', status: '200', read: wire.wireShipmentSchema },
  { call: /^post \/shipments\/[\w-]+\/cancel$/, path: '/shipments/{id}/cancel', status: '200', read: wire.wireCancelledSchema },
  { call: /^get \/parcels\/tracking\/\w+$/, path: '/parcels/tracking/{tracking_number}', status: '200', read: wire.wireTrackingSchema },
  { call: /^get \/parcels\/\d+\/documents\/label$/, path: '/parcels/{id}/documents/{type}', status: '200', read: null },
  {
    call: /^post \/returns\/announce-synchronously$/,
    path: '/returns/announce-synchronously',
    status: '201',
    read: wire.wireReturnMadeSchema,
  },
  { call: /^get \/returns$/, path: '/returns', status: '200', read: wire.wireReturnsSchema },
  { call: /^get \/returns\/\d+$/, path: '/returns/{id}', status: '200', read: wire.wireReturnSchema },
  { call: /^patch \/returns\/\d+\/cancel$/, path: '/returns/{id}/cancel', status: '202', read: null },
] as const satisfies readonly { readonly call: RegExp; readonly path: string; readonly status: string; readonly read: ZodType | null }[];

/** Of this the specification shows no answer; it is one of the list that it does show. */
const undocumented: readonly string[] = ['/returns/{id}'];

function methodOf(text: string): 'get' | 'post' | 'patch' {
  return text.startsWith('get') ? 'get' : text.startsWith('patch') ? 'patch' : 'post';
}

/** Where the sandbox is otherwise than the schemas: a search that finds nothing has to be answered with something. */
const contradicted = [/^\.data has 0 items$/];

describe.skipIf(absent)(`Sendcloud's specification${reason}`, () => {
  const specification = absent ? noSpecification : readSpecification(file);
  const isNew = (found: string) => !contradicted.some((known) => known.test(found));

  test('every request of ours is one that it describes, and the sandbox answers with nothing that is unknown to it', async () => {
    const found: string[] = [];
    const seen = new Set<string>();
    const clock = virtualClock('2026-11-23T09:00:00.000Z');
    const sandbox = createSendcloudSandbox({ ...keys, clock, currency: 'EUR', options: [standard, back] });
    const watched: SandboxApp = async (incoming) => {
      const { pathname, searchParams } = new URL(incoming.url);
      const name = `${incoming.method.toLowerCase()} ${pathname.replace(/^\/api\/v3/, '')}`;
      const known = described.find(({ call }) => call.test(name));
      const body = await incoming.clone().text();
      const reply = await sandbox.app(incoming);
      if (known === undefined) return (found.push(`${name} is not described`), reply);
      seen.add(known.path);
      const operation = describedBy(specification, methodOf(name), known.path);
      const strange = strangeNames(specification, operation, 'query', searchParams.keys());
      found.push(...strange.map((key) => `${name}: ${key} is no parameter`));
      const asks = requestSchemaOf(specification, operation);
      if (asks !== null) found.push(...misfits(specification, asks, JSON.parse(body), 'request').map((one) => `${name} asks: ${one}`));
      const { schema } = answerOf(specification, operation, String(reply.status));
      if (schema !== null && (reply.headers.get('content-type') ?? '').includes('json'))
        found.push(
          ...misfits(specification, schema, await reply.clone().json(), 'answer-with-nulls')
            .filter(isNew)
            .map((one) => `${name} answers: ${one}`),
        );
      return reply;
    };
    const carrier = sendcloudCarrier({
      connection: 'cloud',
      ...keys,
      currency: 'EUR',
      clock,
      fetch: sandboxFetch({ 'https://panel.sendcloud.sc': watched }),
    });

    await carrier.probe();
    await carrier.rates(asked({ insured: { minor: 10_000, currency: 'EUR' } }));
    const label = await carrier.buy(request(), intentMemo('K1'));
    const shipTo = { ...request().shipTo, country: 'CH', postalCode: '8001', city: 'Zürich' };
    await carrier.buy(
      request({ shipTo, delivery: { ...plainDelivery, customs, insured: { minor: 10_000, currency: 'EUR' } } }),
      intentMemo('K2'),
    );
    await carrier.reconcile(request(), {}, intentMemo('K1'));
    await carrier.documents?.(label, 'png');
    await carrier.tracking?.track([label.trackingNumber]);
    sandbox.scan(label.trackingNumber, 'accepted');
    await carrier.tracking?.track([label.trackingNumber]);
    for await (const _ of carrier.labelsSince?.('2026-11-23T00:00:00.000Z') ?? []);
    const homeward = await carrier.buy(
      returnRequest({ delivery: { ...plainDelivery, isReturn: true, insured: { minor: 5_000, currency: 'EUR' } } }),
      intentMemo('K3'),
    );
    await carrier.buy(returnRequest({ shipFrom: shipTo, delivery: { ...plainDelivery, isReturn: true, customs } }), intentMemo('K6'));
    await carrier.reconcile(returnRequest(), {}, intentMemo('K4'));
    await carrier.voidLabel(homeward, intentMemo('K3/void'));
    await carrier.voidLabel(await carrier.buy(request(), intentMemo('K5')), intentMemo('K5/void'));
    await carrier.voidLabel(label, intentMemo('K1/void'));

    expect(found).toEqual([]);
    expect([...seen].sort()).toEqual(described.map(({ path }) => path).toSorted());
  });

  test('a request that it does not describe would be found', () => {
    const asks = requestSchemaOf(specification, describedBy(specification, 'post', '/shipments/announce'));
    const wrong = { to_address: { name: 'Ada' }, parcels: [{ weight: { value: 1, unit: 'stone' } }], ship_by: 'pigeon' };
    expect(misfits(specification, asks ?? {}, wrong, 'request')).toEqual([
      '.ship_with is missing',
      '.from_address is missing',
      '.to_address.address_line_1 is missing',
      '.to_address.postal_code is missing',
      '.to_address.city is missing',
      '.to_address.country_code is missing',
      '.parcels[].weight.value is integer, not string',
      '.parcels[].weight.unit is "stone", no word of the specification',
      '.ship_by is not in the specification',
    ]);
  });

  test.each(described.filter(({ read }) => read !== null))('every documented answer of $path is read', ({ call, path, status, read }) => {
    const method = methodOf(call.source.slice(1));
    const { examples } = answerOf(specification, describedBy(specification, method, path), status);
    expect(examples.map((example) => read?.safeParse(example).error?.issues)).toEqual(examples.map(() => undefined));
    expect(examples.length > 0).toBe(!undocumented.includes(path));
  });

  test('the documented label of a shipment is the one that we would keep', () => {
    const { examples } = answerOf(specification, describedBy(specification, 'post', '/shipments/announce'), '201');
    const [parcel] = wire.wireShipmentSchema.parse(examples[0]).data.parcels;
    expect(parcel).toMatchObject({ id: 383707309, tracking_number: '3SYZXG8498635', status: { code: 'READY_TO_SEND' } });
  });

  test('every documented error is in words that we read', () => {
    const examples = described.flatMap(({ call, path }) => {
      const operation = describedBy(specification, methodOf(call.source.slice(1)), path);
      return ['400', '404', '409'].flatMap((status) => answerOf(specification, operation, status).examples);
    });
    expect(examples.length).toBeGreaterThan(5);
    expect(examples.filter((example) => !wire.wireErrorsSchema.safeParse(example).success)).toEqual([]);
  });

  test('every published status of a parcel has a meaning', () => {
    const published =
      parametersOf(specification, describedBy(specification, 'get', '/returns'), 'query').find(
        ({ name }) => name === 'parent_parcel_status',
      )?.schema?.enum ?? [];
    expect(published.length).toBe(36);
    expect(published.filter((status) => !Object.hasOwn(statusMeanings, String(status)))).toEqual([]);
  });

  test('every published part of a price has a kind', () => {
    const published = kindsOfPrice(specification);
    expect(published.length).toBe(21);
    expect(published.filter((kind) => !Object.hasOwn(chargeTypeOfBreakdown, String(kind)))).toEqual([]);
  });
});

/** The operation of a path, which must be there. */
function describedBy(specification: Specification, method: string, path: string): SpecOperation {
  const found = operationOf(specification, method, path);
  if (found === null) throw new RangeError(`the specification has no ${method} ${path}`);
  return found;
}

function kindsOfPrice({ components: { schemas } }: Specification): readonly unknown[] {
  return schemas['shipping-price-breakdown']?.items?.properties?.['type']?.enum ?? [];
}
