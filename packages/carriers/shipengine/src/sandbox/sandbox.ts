import { documentTypes, sampleDocument, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs, labelFormats, type Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import { labelJson, linesOf, rateJson, trackingJson } from './answers.ts';
import { checkedAddress } from './addresses.ts';
import { handoverRoutes } from './handover.ts';
import { addressesRequestSchema, labelRequestSchema, ratesRequestSchema } from './requests.ts';
import { bodyOf, invalid, notFound, refuse } from './replies.ts';
import { keySet, signedHeaders } from './signing.ts';
import { shipengineState, type Refusal, type SandboxTrouble, type SandboxWarehouse, type StoredLabel } from './state.ts';
import { snapshotOf, type ShipEngineSnapshot } from './snapshot.ts';
import type { SandboxTariff } from './tariff.ts';

export type ShipEngineSandboxOptions = {
  /** One that begins with `TEST_` has 20 requests a minute in place of 200. */
  readonly apiKey: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly tariffs: readonly SandboxTariff[];
  readonly warehouses?: readonly SandboxWarehouse[];
  /** How long carriers take for a manifest; default no time. */
  readonly manifestTakesMs?: number;
  /** Decides tracking numbers; default 1. */
  readonly seed?: number;
};

export type ShipEngineSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => ShipEngineSnapshot;
  /** Prices from now on. */
  readonly setTariffs: (tariffs: readonly SandboxTariff[]) => void;
  /** Goes wrong once, at the next call that it is about. */
  readonly trouble: (trouble: SandboxTrouble) => void;
  /** The carrier scans a parcel. False when the number is unknown. */
  readonly scan: (trackingNumber: string, what: 'accepted' | 'delivered') => boolean;
  /** Webhooks that wait to be delivered, signed now. */
  readonly takeWebhooks: () => readonly SandboxWebhook[];
};

export type SandboxWebhook = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

const minuteMs = 60_000;
const mostPerPage = 500;

/**
 * A stateful ShipEngine: rates of several carriers, labels under external ids that are taken once, voids, label files, tracking with signed webhooks, addresses, pickups, manifests. It keeps the
 * key, the limit of requests, the fields that are required or unknown, and errors in ShipEngine's form. Batches, shipments without labels, insurance apart and service points are not there.
 */
export function createShipEngineSandbox(options: ShipEngineSandboxOptions): ShipEngineSandbox {
  const { apiKey, clock, currency } = options;
  const state = shipengineState({
    clock,
    currency,
    tariffs: options.tariffs,
    warehouses: options.warehouses ?? [],
    seed: options.seed ?? 1,
  });
  const webhooks: string[] = [];
  const asked: number[] = [];
  const perMinute = apiKey.startsWith('TEST_') ? 20 : 200;
  const app = new Hono();

  app.get('/jwks', (context) => context.json(keySet()));

  app.get('/v1/downloads/:folder/:key/:file', (context) => {
    const [, id, extension] = /^label-(.+)\.(\w+)$/.exec(context.req.param('file')) ?? [];
    const format = labelFormats.find((known) => known === extension);
    const label = state.label(id ?? '');
    if (label === null || format === undefined) return notFound();
    return context.body(new Uint8Array(sampleDocument(format, linesOf(label))), 200, { 'content-type': documentTypes[format] });
  });

  app.use('/v1/*', async (context, next) => {
    if (context.req.header('api-key') !== apiKey)
      return refuse({
        status: 401,
        source: 'shipengine',
        type: 'security',
        code: 'unauthorized',
        message: 'The API key is invalid.',
      });
    const now = epochMs(clock.now());
    while (asked[0] !== undefined && asked[0] <= now - minuteMs) asked.shift();
    if (asked.length >= perMinute) {
      const retryAfter = String(Math.ceil(((asked[0] ?? now) + minuteMs - now) / 1_000));
      const refusal = {
        status: 429,
        source: 'shipengine',
        type: 'system',
        code: 'rate_limit_exceeded',
        message: 'You have exceeded the rate limit.',
      } as const;
      return refuse(refusal, { 'retry-after': retryAfter });
    }
    asked.push(now);
    state.settle();
    return next();
  });

  app.get('/v1/carriers', (context) => {
    const accounts = new Map(state.tariffs().map(({ carrierId, carrierCode }) => [carrierId, carrierCode]));
    return context.json({
      carriers: [...accounts].map(([id, code]) => ({
        carrier_id: id,
        carrier_code: code,
        account_number: `account_${id}`,
        requires_funded_amount: false,
        balance: 0,
        nickname: code,
        friendly_name: code,
        primary: true,
        has_multi_package_supporting_services: true,
        supports_label_messages: true,
        disabled_by_billing_plan: false,
      })),
      request_id: '00000000-0000-4000-8000-000000000001',
      errors: [],
    });
  });

  app.post('/v1/rates', async (context) => {
    const body = await bodyOf(context, ratesRequestSchema);
    if ('refusal' in body) return refuse(body.refusal);
    const { rate_options: wanted, shipment } = body.data;
    const from = state.originOf(shipment);
    if (from === null) return refuse(invalid('shipment.warehouse_id', 'There is no such warehouse.'));
    const unknown = wanted.carrier_ids.find((id) => !state.tariffs().some(({ carrierId }) => carrierId === id));
    if (unknown !== undefined) return refuse(invalid('rate_options.carrier_ids', `There is no carrier account ${unknown}.`));
    const silent = state.meets('partial-rates') ? wanted.carrier_ids.at(-1) : undefined;
    const rated = state
      .tariffs()
      .filter(({ carrierId }) => wanted.carrier_ids.includes(carrierId) && carrierId !== silent)
      .map((tariff) => ({ tariff, offer: state.priced(tariff, shipment, from) }));
    const now = clock.now();
    const rates = rated.flatMap(({ tariff, offer }) =>
      offer.kind === 'offered' ? [rateJson({ id: state.newId(), tariff, offer, currency, now, packageType: 'package' })] : [],
    );
    const invalidRates = rated.flatMap(({ tariff, offer }) =>
      offer.kind === 'refused'
        ? [{ carrier_code: tariff.carrierCode, service_code: tariff.serviceCode, error_messages: [offer.message] }]
        : [],
    );
    return context.json({
      shipment_id: state.newId(),
      created_at: now,
      shipment_status: 'pending',
      rate_response: {
        rates,
        invalid_rates: invalidRates,
        rate_request_id: state.newId(),
        shipment_id: state.newId(),
        created_at: now,
        status: silent === undefined ? 'completed' : rates.length > 0 ? 'partial' : 'error',
        errors:
          silent === undefined
            ? []
            : [
                {
                  ...errorOf({ source: 'carrier', type: 'system', code: 'unspecified', message: 'The carrier did not answer.' }),
                  carrier_id: silent,
                },
              ],
      },
    });
  });

  app.post('/v1/labels', async (context) => {
    const body = await bodyOf(context, labelRequestSchema);
    if ('refusal' in body) return refuse(body.refusal);
    const done = state.buy(body.data);
    return 'source' in done ? refuse(done) : context.json(labelJson(done, originOf(context), body.data.label_download_type));
  });

  app.get('/v1/labels', (context) => {
    const {
      tracking_number: number,
      created_at_start: since = '',
      sort_dir: direction,
      page = '1',
      page_size: size = '25',
    } = context.req.query();
    const perPage = Math.min(mostPerPage, Number(size));
    const wanted = state
      .labels()
      .filter((label) => (number === undefined || label.trackingNumber === number) && label.createdAt >= since)
      .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
    const sorted = direction === 'asc' ? wanted : wanted.toReversed();
    const link = (to: number) => ({ href: `${originOf(context)}/v1/labels?page=${to}` });
    const pages = Math.ceil(sorted.length / perPage);
    return context.json({
      labels: sorted.slice((Number(page) - 1) * perPage, Number(page) * perPage).map((label) => labelJson(label, originOf(context), 'url')),
      total: sorted.length,
      page: Number(page),
      pages,
      links: { first: link(1), last: link(pages), prev: {}, next: {} },
    });
  });

  app.get('/v1/labels/external_shipment_id/:id', (context) => {
    const label = state.shipmentOf(context.req.param('id'))?.label ?? null;
    return label === null ? notFound() : context.json(labelJson(label, originOf(context), downloadOf(context)));
  });

  app.get('/v1/shipments/external_shipment_id/:id', (context) => {
    const shipment = state.shipmentOf(context.req.param('id'));
    if (shipment === null) return notFound();
    return context.json({ shipment_id: shipment.id, external_shipment_id: shipment.externalId, shipment_status: shipment.state });
  });

  app.get('/v1/labels/:id', (context) =>
    withLabel(context, (label) => context.json(labelJson(label, originOf(context), downloadOf(context)))),
  );

  app.get('/v1/labels/:id/track', (context) => withLabel(context, (label) => context.json(trackingJson(label, originOf(context)))));

  app.put('/v1/labels/:id/void', (context) =>
    withLabel(context, (label) => {
      const reason = state.void(label);
      return context.json({
        approved: reason === null,
        message: reason === null ? 'This label has been voided.' : `The carrier did not approve the request: ${reason}.`,
        ...(reason === null ? {} : { reason_code: reason }),
      });
    }),
  );

  for (const [path, follow] of [['start', true] as const, ['stop', false] as const])
    app.post(`/v1/tracking/${path}`, (context) => {
      const { carrier_code: code, tracking_number: number } = context.req.query();
      if (!code || !number) return refuse(invalid('tracking_number', 'carrier_code and tracking_number are required.'));
      const label = state.labels().find(({ trackingNumber, tariff }) => trackingNumber === number && tariff.carrierCode === code);
      if (label !== undefined) label.isFollowed = follow;
      return context.body(null, 204);
    });

  app.post('/v1/addresses/validate', async (context) => {
    const body = await bodyOf(context, addressesRequestSchema);
    return 'refusal' in body ? refuse(body.refusal) : context.json(body.data.map(checkedAddress));
  });

  handoverRoutes(app, { state, clock, manifestTakesMs: options.manifestTakesMs ?? 0 });
  app.notFound(() => notFound());

  function withLabel(context: Context, answer: (label: StoredLabel) => Response): Response {
    const label = state.label(context.req.param('id') ?? '');
    return label === null ? notFound() : answer(label);
  }

  return {
    app: async (request) => app.fetch(request),
    setTariffs: (tariffs) => state.setTariffs(tariffs),
    trouble: (trouble) => state.arm(trouble),
    scan(trackingNumber, what) {
      const label = state.labels().find((one) => one.trackingNumber === trackingNumber);
      if (label === undefined) return false;
      if (what === 'accepted') state.scan(label, 'AC', 'RECEIVED_BY_CARRIER', 'Accepted at the origin facility');
      else state.scan(label, 'DE', 'DELIVERED', 'Delivered, front door');
      const origin = 'https://api.shipengine.com';
      const query = `carrier_code=${label.tariff.carrierCode}&tracking_number=${trackingNumber}`;
      if (label.isFollowed)
        webhooks.push(
          JSON.stringify({
            resource_url: `${origin}/v1/tracking?${query}`,
            resource_type: 'API_TRACK',
            data: trackingJson(label, origin),
          }),
        );
      return true;
    },
    takeWebhooks: () =>
      webhooks.splice(0).map((body) => ({ body: new TextEncoder().encode(body), headers: signedHeaders(body, clock.now()) })),
    snapshot: () => {
      state.settle();
      return snapshotOf(state.labels().filter(({ status }) => status !== 'error'));
    },
  };
}

function errorOf(error: Omit<Refusal, 'status'>): Record<string, unknown> {
  const { source, type, code, message } = error;
  return { error_source: source, error_type: type, error_code: code, message };
}

function downloadOf(context: Context): 'url' | 'inline' {
  return context.req.query('label_download_type') === 'inline' ? 'inline' : 'url';
}

function originOf(context: Context): string {
  return new URL(context.req.url).origin;
}
