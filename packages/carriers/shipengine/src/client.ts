import { createHttp, parseReply, type HttpCall, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { ConnectorFault, isFault, type Instant } from '@quartermaster/domain';
import type { z } from 'zod';
import { connector, shipengineFault } from './faults.ts';
import { pageSize, shipengineBucketOf, timeoutsMs } from './limits.ts';
import {
  wireAddressVerdictsSchema,
  wireCarriersSchema,
  wireKeySetSchema,
  wireLabelSchema,
  wireLabelsSchema,
  wireManifestedSchema,
  wireManifestsSchema,
  wirePickupSchema,
  wirePickupsSchema,
  wireRatesSchema,
  wireShipmentStateSchema,
  wireTrackingSchema,
  wireVoidSchema,
  type WireAddressVerdict,
  type WireCarriers,
  type WireLabel,
  type WireManifest,
  type WireManifested,
  type WirePickup,
  type WireRates,
  type WireTracking,
  type WireVoid,
} from './wire.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly apiKey: string;
  readonly baseUrl: string;
};

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

type Json = Readonly<Record<string, unknown>>;

/** ShipEngine's operations that we use. A raw answer comes back where it must be kept before it is read; null where ShipEngine itself says that there is no such thing. */
export type ShipEngineClient = {
  carriers(redact: Redact, signal?: AbortSignal): Promise<WireCarriers>;
  /** Prices a shipment. ShipEngine keeps the shipment, without a label; nothing is charged. */
  rates(request: Json, redact: Redact, signal?: AbortSignal): Promise<WireRates>;
  /** Buys a label: sent once, whatever happens. */
  buy(request: Json, redact: Redact): Promise<HttpReply>;
  labelByExternalId(externalId: string, redact: Redact): Promise<HttpReply | null>;
  /** State of the shipment that took an external id: `pending`, `processing`, `label_purchased`, `cancelled`; null where the id is free. */
  shipmentState(externalId: string, redact: Redact): Promise<string | null>;
  label(labelId: string, download: 'inline' | 'url', redact: Redact): Promise<WireLabel | null>;
  labelOfNumber(trackingNumber: string, redact: Redact): Promise<WireLabel | null>;
  /** A page of the labels made since then, oldest first, from 1. */
  labelsSince(since: Instant, page: number, redact: Redact): Promise<{ readonly labels: readonly WireLabel[]; readonly isLast: boolean }>;
  voidLabel(labelId: string, redact: Redact): Promise<WireVoid>;
  tracking(labelId: string, redact: Redact): Promise<WireTracking>;
  startTracking(carrierCode: string, trackingNumber: string, redact: Redact): Promise<void>;
  validateAddress(address: Json, redact: Redact): Promise<WireAddressVerdict>;
  schedulePickup(request: Json, redact: Redact): Promise<WirePickup>;
  pickups(page: number, redact: Redact): Promise<{ readonly pickups: readonly WirePickup[]; readonly isLast: boolean }>;
  cancelPickup(pickupId: string, redact: Redact): Promise<'cancelled' | 'unknown-pickup'>;
  createManifest(labelIds: readonly string[], redact: Redact): Promise<WireManifested>;
  /** How a manifest that a carrier makes in its own time stands; null where there is no such request. */
  manifestRequest(requestId: string, redact: Redact): Promise<WireManifested | null>;
  manifestsOf(labelIds: readonly string[], redact: Redact): Promise<readonly WireManifest[]>;
  /** Public keys that webhooks are signed with. */
  keySet(redact: Redact): Promise<z.infer<typeof wireKeySetSchema>['keys']>;
};

type Ask = {
  readonly operation: string;
  readonly method: HttpCall['method'];
  /** Behind the base address. */
  readonly path: string;
  readonly redact: Redact;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly repeat?: HttpCall['repeat'];
};

export function shipengineClient(options: ClientOptions): ShipEngineClient {
  const { apiKey, clock } = options;
  const common = {
    ...options,
    connector,
    bucketOf: () => shipengineBucketOf(options.connection),
    secrets: [apiKey],
  };
  const send = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  const sendOnce = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.purchase, attempts: 1 });

  function call({ operation, method, path, redact, body, signal, repeat = 'always' }: Ask): Promise<HttpReply> {
    const purchase = operation === 'label.buy';
    return (purchase ? sendOnce : send)({
      operation,
      method,
      url: `${options.baseUrl}${path}`,
      headers: { 'api-key': apiKey, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repeat,
      ...(signal === undefined ? {} : { signal }),
      judge: (reply) => shipengineFault({ operation, reply, purchase, redact, now: clock.now() }),
    });
  }

  async function read<Result>(schema: z.ZodType<Result>, ask: Ask): Promise<Result> {
    const isEffect = ask.repeat === 'never';
    return parseReply(schema, await call(ask), { connector, operation: ask.operation, outcome: isEffect ? 'unknown' : 'not-applied' });
  }

  return {
    carriers: (redact, signal) =>
      read(wireCarriersSchema, { operation: 'carriers.list', method: 'GET', path: '/v1/carriers', redact, signal }),
    async rates(request, redact, signal) {
      const ask: Ask = { operation: 'rates', method: 'POST', path: '/v1/rates', redact, body: request, signal };
      return (await read(wireRatesSchema, ask)).rate_response;
    },
    buy: (request, redact) => call({ operation: 'label.buy', method: 'POST', path: '/v1/labels', redact, body: request, repeat: 'never' }),
    labelByExternalId: (externalId, redact) =>
      orNull(
        call({
          operation: 'label.find',
          method: 'GET',
          path: `/v1/labels/external_shipment_id/${encodeURIComponent(externalId)}?label_download_type=inline`,
          redact,
        }),
      ),
    async shipmentState(externalId, redact) {
      const operation = 'shipment.find';
      const path = `/v1/shipments/external_shipment_id/${encodeURIComponent(externalId)}`;
      const shipment = await orNull(read(wireShipmentStateSchema, { operation, method: 'GET', path, redact }));
      return shipment === null ? null : (shipment.shipment_status ?? 'unknown');
    },
    label: (labelId, download, redact) =>
      orNull(
        read(wireLabelSchema, {
          operation: 'label.get',
          method: 'GET',
          path: `/v1/labels/${encodeURIComponent(labelId)}?label_download_type=${download}`,
          redact,
        }),
      ),
    async labelOfNumber(trackingNumber, redact) {
      const query = new URLSearchParams({ tracking_number: trackingNumber, sort_by: 'created_at', sort_dir: 'desc', page_size: '1' });
      const ask: Ask = { operation: 'label.list', method: 'GET', path: `/v1/labels?${query.toString()}`, redact };
      return (await read(wireLabelsSchema, ask)).labels[0] ?? null;
    },
    async labelsSince(since, page, redact) {
      const query = new URLSearchParams({
        created_at_start: since,
        sort_by: 'created_at',
        sort_dir: 'asc',
        page: String(page),
        page_size: String(pageSize),
      });
      const ask: Ask = { operation: 'label.list', method: 'GET', path: `/v1/labels?${query.toString()}`, redact };
      const { labels, pages } = await read(wireLabelsSchema, ask);
      return { labels, isLast: isLast(page, pages, labels.length) };
    },
    voidLabel: (labelId, redact) =>
      read(wireVoidSchema, { operation: 'label.void', method: 'PUT', path: `/v1/labels/${encodeURIComponent(labelId)}/void`, redact }),
    tracking: (labelId, redact) =>
      read(wireTrackingSchema, {
        operation: 'label.track',
        method: 'GET',
        path: `/v1/labels/${encodeURIComponent(labelId)}/track`,
        redact,
      }),
    async startTracking(carrierCode, trackingNumber, redact) {
      const query = new URLSearchParams({ carrier_code: carrierCode, tracking_number: trackingNumber });
      await call({ operation: 'tracking.start', method: 'POST', path: `/v1/tracking/start?${query.toString()}`, redact });
    },
    async validateAddress(address, redact) {
      const ask: Ask = { operation: 'address.validate', method: 'POST', path: '/v1/addresses/validate', redact, body: [address] };
      const [verdict] = await read(wireAddressVerdictsSchema, ask);
      if (verdict === undefined) throw new RangeError('the schema takes no empty list');
      return verdict;
    },
    schedulePickup: (request, redact) =>
      read(wirePickupSchema, { operation: 'pickup.book', method: 'POST', path: '/v1/pickups', redact, body: request, repeat: 'never' }),
    async pickups(page, redact) {
      const ask: Ask = { operation: 'pickup.list', method: 'GET', path: `/v1/pickups?page=${page}&page_size=${pageSize}`, redact };
      const { pickups, pages } = await read(wirePickupsSchema, ask);
      return { pickups, isLast: isLast(page, pages, pickups.length) };
    },
    async cancelPickup(pickupId, redact) {
      const path = `/v1/pickups/${encodeURIComponent(pickupId)}`;
      return (await orNull(call({ operation: 'pickup.cancel', method: 'DELETE', path, redact }))) === null ? 'unknown-pickup' : 'cancelled';
    },
    createManifest: (labelIds, redact) =>
      read(wireManifestedSchema, {
        operation: 'manifest.create',
        method: 'POST',
        path: '/v1/manifests',
        redact,
        body: { label_ids: labelIds },
        repeat: 'never',
      }),
    manifestRequest: (requestId, redact) =>
      orNull(
        read(wireManifestedSchema, {
          operation: 'manifest.get',
          method: 'GET',
          path: `/v1/manifests/requests/${encodeURIComponent(requestId)}`,
          redact,
        }),
      ),
    async manifestsOf(labelIds, redact) {
      const query = new URLSearchParams(labelIds.map((id): [string, string] => ['label_ids', id]));
      const ask: Ask = { operation: 'manifest.list', method: 'GET', path: `/v1/manifests?${query.toString()}`, redact };
      return (await read(wireManifestsSchema, ask)).manifests;
    },
    async keySet(redact) {
      return (await read(wireKeySetSchema, { operation: 'jwks', method: 'GET', path: '/jwks', redact })).keys;
    },
  };
}

/** Reads a label out of a raw answer. */
export function readLabel(reply: HttpReply, operation: string, outcome: 'not-applied' | 'unknown'): WireLabel {
  return parseReply(wireLabelSchema, reply, { connector, operation, outcome });
}

/**
 * Null where ShipEngine itself says that it has no such thing. A 404 in other words is somebody's in between, who knows nothing of it: then nothing may be concluded.
 */
async function orNull<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (!isFault(error) || error.facts.status !== 404) throw error;
    if (error.facts.vendorCode !== undefined) return null;
    throw new ConnectorFault('malformed-reply', {
      ...error.facts,
      retry: { kind: 'safely' },
      message: 'a 404 that is not in words of ShipEngine',
      advice: 'Check the base address: something else answers there.',
    });
  }
}

/** Lists say how many pages there are; one that does not ends with the first page that is not full. */
function isLast(page: number, pages: number | null | undefined, items: number): boolean {
  return pages === null || pages === undefined ? items < pageSize : page >= pages;
}
