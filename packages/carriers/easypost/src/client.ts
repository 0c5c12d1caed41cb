import { createHttp, parseReply, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import type { Instant } from '@quartermaster/domain';
import { connector, easypostFault } from './faults.ts';
import { easypostBucketOf, timeoutsMs } from './limits.ts';
import type { ShipmentDraft } from './translate.ts';
import { wireBoughtSchema, wireListSchema, wireRerateSchema, wireShipmentSchema, type WireRate, type WireShipment } from './wire.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly apiKey: string;
  readonly baseUrl: string;
};

/** Blanks out secrets and personal data in a text. */
type Redact = (text: string) => string;

/** EasyPost's operations that we use. A raw answer comes back where it must be kept before it is read. */
export type EasyPostClient = {
  /** Makes and rates a shipment. Costs nothing, so it is repeated when its outcome is unknown. */
  createShipment(draft: ShipmentDraft, redact: Redact, signal?: AbortSignal): Promise<WireShipment>;
  getShipment(id: string, redact: Redact): Promise<HttpReply>;
  /** Rates the shipment anew. */
  rerate(id: string, redact: Redact): Promise<WireRate[]>;
  /** Buys the label of a shipment: sent once, whatever happens. */
  buy(id: string, rateId: string, redact: Redact): Promise<HttpReply>;
  refund(id: string, redact: Redact): Promise<WireShipment>;
  /** Lists one shipment, to see that the key is good. */
  list(redact: Redact): Promise<void>;
  /** Bought shipments made since then, newest first: the first page, or the one behind `beforeId`. */
  listBought(
    query: { readonly since: Instant; readonly beforeId: string | null },
    redact: Redact,
  ): Promise<{ readonly shipments: readonly WireShipment[]; readonly hasMore: boolean }>;
};

export function easypostClient(options: ClientOptions): EasyPostClient {
  const { apiKey, clock } = options;
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  const common = {
    ...options,
    connector,
    bucketOf: (operation: string) => easypostBucketOf(options.connection, operation),
    secrets: [apiKey, authorization],
  };
  const send = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  const sendOnce = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.purchase, attempts: 1 });

  function call(
    operation: string,
    method: 'GET' | 'POST',
    path: string,
    redact: Redact,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<HttpReply> {
    const purchase = operation === 'shipment.buy';
    return (purchase ? sendOnce : send)({
      operation,
      method,
      url: `${options.baseUrl}/v2${path}`,
      headers: { authorization, accept: 'application/json', ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      repeat: purchase ? 'never' : 'always',
      ...(signal === undefined ? {} : { signal }),
      judge: (reply) => easypostFault({ operation, reply, purchase, redact, now: clock.now() }),
    });
  }

  return {
    async createShipment(draft, redact, signal) {
      const reply = await call('shipment.create', 'POST', '/shipments', redact, { shipment: draft }, signal);
      return readShipment(reply, 'shipment.create', 'not-applied');
    },
    getShipment: (id, redact) => call('shipment.get', 'GET', `/shipments/${encodeURIComponent(id)}`, redact),
    async rerate(id, redact) {
      const reply = await call('shipment.rerate', 'POST', `/shipments/${encodeURIComponent(id)}/rerate`, redact);
      return parseReply(wireRerateSchema, reply, { connector, operation: 'shipment.rerate', outcome: 'not-applied' }).rates;
    },
    buy: (id, rateId, redact) => call('shipment.buy', 'POST', `/shipments/${encodeURIComponent(id)}/buy`, redact, { rate: { id: rateId } }),
    async refund(id, redact) {
      const reply = await call('shipment.refund', 'POST', `/shipments/${encodeURIComponent(id)}/refund`, redact);
      return readShipment(reply, 'shipment.refund', 'unknown');
    },
    async list(redact) {
      const reply = await call('shipment.list', 'GET', '/shipments?page_size=1', redact);
      parseReply(wireListSchema, reply, { connector, operation: 'shipment.list', outcome: 'not-applied' });
    },
    async listBought({ since, beforeId }, redact) {
      const query = new URLSearchParams({ page_size: '100', purchased: 'true', start_datetime: since });
      if (beforeId !== null) query.set('before_id', beforeId);
      const reply = await call('shipment.list', 'GET', `/shipments?${query.toString()}`, redact);
      const page = parseReply(wireBoughtSchema, reply, { connector, operation: 'shipment.list', outcome: 'not-applied' });
      return { shipments: page.shipments, hasMore: page.has_more };
    },
  };
}

/** Reads a shipment out of a raw answer. */
export function readShipment(reply: HttpReply, operation: string, outcome: 'not-applied' | 'unknown'): WireShipment {
  return parseReply(wireShipmentSchema, reply, { connector, operation, outcome });
}
