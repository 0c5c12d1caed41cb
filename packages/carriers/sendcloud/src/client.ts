import { beforeTheEffect, createHttp, parseReply, type HttpCall, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { isFault, type ConnectorFault, type Instant, type LabelFormat } from '@quartermaster/domain';
import type { z } from 'zod';
import { connector, isNotThere, sendcloudFault, type Redact } from './faults.ts';
import { returnsPageSize, sendcloudBucketOf, shipmentsPageSize, timeoutsMs } from './limits.ts';
import { mimeTypes } from './shipment-draft.ts';
import {
  wireAccountSchema,
  wireCancelledSchema,
  wireOptionsSchema,
  wireReturnSchema,
  wireReturnsSchema,
  wireServicePointsSchema,
  wireShipmentSchema,
  wireShipmentsSchema,
  wireTrackingSchema,
  type WireOption,
  type WireReturn,
  type WireServicePoint,
  type WireShipment,
  type WireTracking,
} from './wire.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly baseUrl: string;
};

type Json = Readonly<Record<string, unknown>>;

/** A page of a list; `next` is what the next page is asked for by, null on the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** Sendcloud's operations that we use. A raw answer comes back where it must be kept before it is read; null where Sendcloud itself says that there is no such thing. */
export type SendcloudClient = {
  account(): Promise<{ readonly userId: number; readonly integrationId: number | null }>;
  /** Shipping options with their prices. `points` are taken from the bucket: who goes on to buy takes the purchase's point along, because that is not to wait any more. */
  options(
    filter: Json,
    given: { readonly points: number; readonly redact: Redact; readonly signal?: AbortSignal | undefined },
  ): Promise<readonly WireOption[]>;
  /** Buys a label on the way out, or on the way back: sent once, whatever happens. */
  announce(draft: Json, redact: Redact): Promise<HttpReply>;
  announceReturn(draft: Json, redact: Redact): Promise<HttpReply>;
  /** Shipments under a reference of ours, as they came and read; a list of more than one page cannot be. */
  shipmentsUnder(externalReference: string, redact: Redact): Promise<{ readonly raw: string; readonly shipments: readonly WireShipment[] }>;
  shipment(id: string, redact: Redact): Promise<WireShipment | null>;
  /** Shipments announced since then. */
  shipmentsSince(since: Instant, cursor: string | null, redact: Redact): Promise<Page<WireShipment>>;
  /** `queued`: it is watched and cancelled later. Null where there is no such shipment. */
  cancel(shipmentId: string, redact: Redact): Promise<'cancelled' | 'queued' | null>;
  returned(returnId: number, redact: Redact): Promise<{ readonly raw: string; readonly made: WireReturn } | null>;
  returnsSince(since: Instant, cursor: string | null, redact: Redact): Promise<Page<WireReturn>>;
  cancelReturn(returnId: number, redact: Redact): Promise<'queued' | null>;
  /** The label of a parcel as bytes in base64, and what it is by the answer's word; null where there is none (yet). */
  labelOf(parcelId: number, format: LabelFormat, redact: Redact): Promise<{ readonly base64: string; readonly mimeType: string } | null>;
  tracking(trackingNumber: string, redact: Redact): Promise<WireTracking | null>;
  servicePoints(query: URLSearchParams, redact: Redact): Promise<readonly WireServicePoint[]>;
};

type Ask = {
  readonly operation: string;
  readonly method: HttpCall['method'];
  /** Behind `/api/v3`. */
  readonly path: string;
  readonly redact: Redact;
  readonly body?: Json;
  readonly cost?: number;
  readonly signal?: AbortSignal | undefined;
  readonly accept?: string;
};

/** Speaks with Sendcloud: API version 3, Basic authentication. */
export function sendcloudClient(options: ClientOptions): SendcloudClient {
  const { publicKey, secretKey, clock, connection } = options;
  const authorization = Buffer.from(`${publicKey}:${secretKey}`).toString('base64');
  const common = { ...options, connector, secrets: [secretKey, publicKey, authorization] };
  /** By how it is meant: to read, or to change something. */
  const channel = (kind: 'read' | 'write') =>
    createHttp({ ...common, bucketOf: () => sendcloudBucketOf(connection, kind), timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  const [reading, writing] = [channel('read'), channel('write')];
  /** Without a bucket: the moment of sending is written down already, and what came before it has waited. */
  const buying = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.purchase, attempts: 1 });

  function call(ask: Ask, purchase = false): Promise<HttpReply> {
    const { operation, method, body, signal, cost, redact, accept = 'application/json' } = ask;
    const send = purchase ? buying : method === 'GET' ? reading : writing;
    return send({
      operation,
      method,
      url: `${options.baseUrl}/api/v3${ask.path}`,
      headers: {
        authorization: `Basic ${authorization}`,
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
      ...(cost === undefined ? {} : { cost }),
      ...(accept === 'application/json' ? {} : { readAs: 'base64' as const }),
      repeat: purchase ? 'never' : 'always',
      judge: (reply) => sendcloudFault({ operation, reply, purchase, redact, now: clock.now() }),
    });
  }

  /** What has no effect of its own leaves nothing in doubt. */
  const look = (ask: Ask) => beforeTheEffect(() => call(ask));

  function read<Result>(schema: z.ZodType<Result>, reply: HttpReply, operation: string): Result {
    return parseReply(schema, reply, { connector, operation, outcome: 'not-applied' });
  }

  return {
    async account() {
      const operation = 'account.get';
      const reply = await look({ operation, method: 'GET', path: '/user/auth/metadata', redact: (text) => text });
      const { data } = read(wireAccountSchema, reply, operation);
      return { userId: data.user_id, integrationId: data.integration_id ?? null };
    },

    async options(filter, { points, redact, signal }) {
      const operation = 'options.list';
      const reply = await look({ operation, method: 'POST', path: '/shipping-options', body: filter, cost: points, redact, signal });
      return read(wireOptionsSchema, reply, operation).data;
    },

    announce: (body, redact) => call({ operation: 'label.buy', method: 'POST', path: '/shipments/announce', body, redact }, true),
    announceReturn: (body, redact) =>
      call({ operation: 'label.buy', method: 'POST', path: '/returns/announce-synchronously', body, redact }, true),

    async shipmentsUnder(externalReference, redact) {
      const operation = 'shipment.find';
      const query = new URLSearchParams({ external_reference_id: externalReference });
      const reply = await orNull(look({ operation, method: 'GET', path: `/shipments?${query.toString()}`, redact }));
      if (reply === null) return { raw: '', shipments: [] };
      return { raw: reply.text, shipments: read(wireShipmentsSchema, reply, operation).data };
    },

    async shipment(id, redact) {
      const operation = 'shipment.get';
      const reply = await orNull(look({ operation, method: 'GET', path: `/shipments/${encodeURIComponent(id)}`, redact }));
      return reply === null ? null : read(wireShipmentSchema, reply, operation).data;
    },

    async shipmentsSince(since, cursor, redact) {
      const operation = 'shipment.list';
      const query = new URLSearchParams({
        announced_after: since,
        page_size: String(shipmentsPageSize),
        ...(cursor === null ? {} : { cursor }),
      });
      const reply = await orNull(look({ operation, method: 'GET', path: `/shipments?${query.toString()}`, redact }));
      if (reply === null) return { items: [], next: null };
      return { items: read(wireShipmentsSchema, reply, operation).data, next: cursorIn(nextLink(reply.headers['link'])) };
    },

    async cancel(shipmentId, redact) {
      const operation = 'label.void';
      const reply = await orNull(call({ operation, method: 'POST', path: `/shipments/${encodeURIComponent(shipmentId)}/cancel`, redact }));
      if (reply === null) return null;
      const { status } = read(wireCancelledSchema, reply, operation).data;
      return reply.status === 200 && status.toLowerCase() === 'cancelled' ? 'cancelled' : 'queued';
    },

    async returned(returnId, redact) {
      const operation = 'return.get';
      const reply = await orNull(look({ operation, method: 'GET', path: `/returns/${returnId}`, redact }));
      return reply === null ? null : { raw: reply.text, made: read(wireReturnSchema, reply, operation) };
    },

    async returnsSince(since, cursor, redact) {
      const operation = 'return.list';
      const query = new URLSearchParams({
        from_date: returnsTime(since),
        to_date: returnsTime(clock.now(), 1),
        page_size: String(returnsPageSize),
        ...(cursor === null ? {} : { cursor }),
      });
      const reply = await look({ operation, method: 'GET', path: `/returns?${query.toString()}`, redact });
      const { data, next } = read(wireReturnsSchema, reply, operation);
      return { items: data, next: cursorIn(next) };
    },

    async cancelReturn(returnId, redact) {
      const operation = 'label.void';
      return (await orNull(call({ operation, method: 'PATCH', path: `/returns/${returnId}/cancel`, redact }))) === null ? null : 'queued';
    },

    async labelOf(parcelId, format, redact) {
      const operation = 'label.document';
      const query = format === 'zpl' ? '' : '?dpi=203';
      const reply = await orNull(
        look({ operation, method: 'GET', path: `/parcels/${parcelId}/documents/label${query}`, accept: mimeTypes[format], redact }),
      );
      return reply === null ? null : { base64: reply.text, mimeType: reply.headers['content-type'] ?? '' };
    },

    async tracking(trackingNumber, redact) {
      const operation = 'parcel.track';
      const reply = await orNull(
        look({ operation, method: 'GET', path: `/parcels/tracking/${encodeURIComponent(trackingNumber)}`, redact }),
        isNotTaken,
      );
      return reply === null ? null : read(wireTrackingSchema, reply, operation);
    },

    async servicePoints(query, redact) {
      const operation = 'service-point.list';
      const reply = await look({ operation, method: 'GET', path: `/service-points?${query.toString()}`, redact });
      return read(wireServicePointsSchema, reply, operation).data.results;
    },
  };
}

/** Null where Sendcloud itself says that there is no such thing. A 404 in other words is somebody's in between, who knows nothing of it. */
async function orNull<Result>(work: Promise<Result>, isNone = isNotThere): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (isFault(error) && isNone(error)) return null;
    throw error;
  }
}

/** A number that could be none of any carrier's is refused with 422, in another form than the rest. */
function isNotTaken(fault: ConnectorFault): boolean {
  return isNotThere(fault) || fault.facts.status === 422;
}

/** The address of the next page in a `Link` header (RFC 8288). */
function nextLink(header: string | undefined): string | null {
  return /<([^>]*)>\s*;\s*rel="?next"?/.exec(header ?? '')?.[1] ?? null;
}

function cursorIn(address: string | null | undefined): string | null {
  return address && URL.canParse(address) ? new URL(address).searchParams.get('cursor') : null;
}

/** `2026-11-23 09:00:00`, which is how returns are asked for; taken for UTC, a day later or earlier to be on the safe side of any zone. */
function returnsTime(instant: Instant, days = -1): string {
  return new Date(Date.parse(instant) + days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
}
