import { createHttp, parseReply, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import type { Instant, LabelFormat } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { connector, easypostFault } from './faults.ts';
import { easypostBucketOf, timeoutsMs } from './limits.ts';
import type { AddressDraft, ShipmentDraft } from './draft.ts';
import {
  wireAddressSchema,
  wireBatchSchema,
  wireBoughtSchema,
  wireListSchema,
  wirePickupSchema,
  wireRerateSchema,
  wireScanFormSchema,
  wireShipmentSchema,
  wireSmartRatesSchema,
  wireTrackersSchema,
  type WireAddress,
  type WireBatch,
  type WirePickup,
  type WirePickupRate,
  type WireRate,
  type WireScanForm,
  type WireShipment,
  type WireSmartRates,
  type WireTracker,
} from './wire.ts';

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
  /** Has the label of a shipment made in another format. */
  convertLabel(id: string, format: LabelFormat, redact: Redact): Promise<WireShipment>;
  /** Within how many days parcels like this one arrive, by rate. */
  smartRates(id: string, redact: Redact, signal?: AbortSignal): Promise<WireSmartRates>;
  checkAddress(address: AddressDraft, redact: Redact): Promise<WireAddress>;
  trackersOf(trackingNumber: string, redact: Redact): Promise<readonly WireTracker[]>;
  createBatch(shipmentIds: readonly string[], reference: string, redact: Redact): Promise<WireBatch>;
  getBatch(id: string, redact: Redact): Promise<WireBatch>;
  /** Makes and rates a pickup, which costs nothing. */
  createPickup(draft: PickupDraft, redact: Redact): Promise<WirePickup>;
  getPickup(id: string, redact: Redact): Promise<WirePickup>;
  /** Books a pickup: sent once, whatever happens. */
  buyPickup(id: string, rate: WirePickupRate, redact: Redact): Promise<WirePickup>;
  cancelPickup(id: string, redact: Redact): Promise<WirePickup>;
  /** Puts labels on a scan form: sent once, whatever happens. */
  createScanForm(shipmentIds: readonly string[], redact: Redact): Promise<WireScanForm>;
  getScanForm(id: string, redact: Redact): Promise<WireScanForm>;
};

/** What EasyPost is told of a pickup. */
export type PickupDraft = {
  readonly reference: string;
  readonly address: AddressDraft;
  readonly min_datetime: Instant;
  readonly max_datetime: Instant;
  readonly is_account_address: false;
  readonly instructions?: string;
} & ({ readonly shipment: { readonly id: string } } | { readonly batch: { readonly id: string } });

/** Effects that are sent once. Of them a purchase is the one that waits for the carrier behind EasyPost. */
const sentOnce: ReadonlySet<string> = new Set(['shipment.buy', 'pickup.buy', 'scan_form.create']);

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
    const purchase = sentOnce.has(operation);
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

  /** Asks for something, and reads it. `outcome` is what an answer that cannot be read says of the request. */
  async function ask<Answer>(
    schema: ZodType<Answer>,
    [operation, method, path]: readonly [operation: string, method: 'GET' | 'POST', path: string],
    redact: Redact,
    {
      body,
      signal,
      outcome = 'not-applied',
    }: { readonly body?: unknown; readonly signal?: AbortSignal | undefined; readonly outcome?: 'not-applied' | 'unknown' } = {},
  ): Promise<Answer> {
    return parseReply(schema, await call(operation, method, path, redact, body, signal), { connector, operation, outcome });
  }

  return {
    async createShipment(draft, redact, signal) {
      const reply = await call('shipment.create', 'POST', '/shipments', redact, { shipment: draft }, signal);
      return readShipment(reply, 'shipment.create', 'not-applied');
    },
    getShipment: (id, redact) => call('shipment.get', 'GET', shipmentPath(id), redact),
    async rerate(id, redact) {
      const reply = await call('shipment.rerate', 'POST', `${shipmentPath(id)}/rerate`, redact);
      return parseReply(wireRerateSchema, reply, { connector, operation: 'shipment.rerate', outcome: 'not-applied' }).rates;
    },
    buy: (id, rateId, redact) => call('shipment.buy', 'POST', `${shipmentPath(id)}/buy`, redact, { rate: { id: rateId } }),
    async refund(id, redact) {
      const reply = await call('shipment.refund', 'POST', `${shipmentPath(id)}/refund`, redact);
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
    convertLabel: (id, format, redact) =>
      ask(wireShipmentSchema, ['shipment.label', 'GET', `${shipmentPath(id)}/label?file_format=${format.toUpperCase()}`], redact),
    async smartRates(id, redact, signal) {
      return (await ask(wireSmartRatesSchema, ['shipment.smartrate', 'GET', `${shipmentPath(id)}/smartrate`], redact, { signal })).result;
    },
    checkAddress: (address, redact) =>
      ask(wireAddressSchema, ['address.verify', 'POST', '/addresses'], redact, { body: { verify: true, address } }),
    async trackersOf(trackingNumber, redact) {
      const query = new URLSearchParams({ tracking_code: trackingNumber }).toString();
      return (await ask(wireTrackersSchema, ['tracker.list', 'GET', `/trackers?${query}`], redact)).trackers;
    },
    createBatch: (ids, reference, redact) =>
      ask(wireBatchSchema, ['batch.create', 'POST', '/batches'], redact, {
        body: { batch: { reference, shipments: ids.map((id) => ({ id })) } },
      }),
    getBatch: (id, redact) => ask(wireBatchSchema, ['batch.get', 'GET', `/batches/${encodeURIComponent(id)}`], redact),
    createPickup: (pickup, redact) => ask(wirePickupSchema, ['pickup.create', 'POST', '/pickups'], redact, { body: { pickup } }),
    getPickup: (id, redact) => ask(wirePickupSchema, ['pickup.get', 'GET', pickupPath(id)], redact),
    buyPickup: (id, { carrier, service }, redact) =>
      ask(wirePickupSchema, ['pickup.buy', 'POST', `${pickupPath(id)}/buy`], redact, { body: { carrier, service }, outcome: 'unknown' }),
    cancelPickup: (id, redact) =>
      ask(wirePickupSchema, ['pickup.cancel', 'POST', `${pickupPath(id)}/cancel`], redact, { outcome: 'unknown' }),
    createScanForm: (ids, redact) =>
      ask(wireScanFormSchema, ['scan_form.create', 'POST', '/scan_forms'], redact, {
        body: { scan_form: { shipments: ids.map((id) => ({ id })) } },
        outcome: 'unknown',
      }),
    getScanForm: (id, redact) => ask(wireScanFormSchema, ['scan_form.get', 'GET', `/scan_forms/${encodeURIComponent(id)}`], redact),
  };
}

function shipmentPath(id: string): string {
  return `/shipments/${encodeURIComponent(id)}`;
}

function pickupPath(id: string): string {
  return `/pickups/${encodeURIComponent(id)}`;
}

/** Reads a shipment out of a raw answer. */
export function readShipment(reply: HttpReply, operation: string, outcome: 'not-applied' | 'unknown'): WireShipment {
  return parseReply(wireShipmentSchema, reply, { connector, operation, outcome });
}
