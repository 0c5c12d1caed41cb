import { createHttp, parseReply, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { isFault } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import type { Draft } from './draft.ts';
import { connector, shippoFault, type Redact } from './faults.ts';
import { pageSize, shippoApiVersion, shippoBucketOf, timeoutsMs } from './limits.ts';
import {
  wireAccountSchema,
  wireAccountsSchema,
  wireCheckedAddressSchema,
  wireManifestSchema,
  wireManifestsSchema,
  wireRateSchema,
  wireRefundSchema,
  wireShipmentSchema,
  wireTrackSchema,
  wireTransactionSchema,
  wireTransactionsSchema,
  type WireAccount,
  type WireCheckedAddress,
  type WireManifest,
  type WireRate,
  type WireRefund,
  type WireShipment,
  type WireTrack,
  type WireTransaction,
} from './wire.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly apiKey: string;
  readonly baseUrl: string;
};

/** A page of a list; `isLast` where there is no further one. */
export type Page<Item> = { readonly items: readonly Item[]; readonly isLast: boolean };

/** Shippo's operations that we use. A raw answer comes back where it must be kept before it is read. */
export type ShippoClient = {
  /** Makes and rates a shipment. Costs nothing, so it is repeated when its outcome is unknown. */
  createShipment(draft: Draft, redact: Redact, signal?: AbortSignal): Promise<WireShipment>;
  shipment(id: string, redact: Redact, signal?: AbortSignal): Promise<WireShipment>;
  rate(id: string, redact: Redact): Promise<WireRate>;
  /** Buys a label: sent once, whatever happens. */
  buy(draft: Draft, redact: Redact): Promise<HttpReply>;
  transaction(id: string, redact: Redact): Promise<WireTransaction>;
  /** All purchases at a rate, as they came. */
  transactionsOfRate(rateId: string, redact: Redact): Promise<HttpReply>;
  /** Purchases of the account, the newest first; pages count from 1. */
  transactions(page: number, redact: Redact): Promise<Page<WireTransaction>>;
  /** Asks for the money of a label. */
  refund(transactionId: string, redact: Redact): Promise<WireRefund>;
  accounts(redact: Redact): Promise<readonly WireAccount[]>;
  account(id: string, redact: Redact): Promise<WireAccount>;
  checkAddress(query: Readonly<Record<string, string>>, redact: Redact): Promise<WireCheckedAddress>;
  /** Null where Shippo does not know the number, or does not follow the carrier. */
  track(carrier: string, trackingNumber: string, redact: Redact): Promise<WireTrack | null>;
  /** Closes out labels: sent once, whatever happens. */
  createManifest(draft: Draft, redact: Redact): Promise<WireManifest>;
  manifest(id: string, redact: Redact): Promise<WireManifest>;
  manifests(page: number, redact: Redact): Promise<Page<WireManifest>>;
};

type Asked = {
  /** The kind of thing and what is done with it; the name of the bucket of limits as well. */
  readonly operation: string;
  readonly path: string;
  readonly body?: unknown;
  readonly redact: Redact;
  readonly signal?: AbortSignal | undefined;
  /** `purchase` and `once` are sent once. */
  readonly kind?: 'purchase' | 'once';
};

export function shippoClient(options: ClientOptions): ShippoClient {
  const { apiKey, clock } = options;
  const authorization = `ShippoToken ${apiKey}`;
  const common = {
    ...options,
    connector,
    bucketOf: (operation: string) => shippoBucketOf(options.connection, operation),
    secrets: [apiKey],
  };
  const send = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  const sendOnce = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.purchase, attempts: 1 });

  function call({ operation, path, body, redact, signal, kind }: Asked): Promise<HttpReply> {
    return (kind === undefined ? send : sendOnce)({
      operation,
      method: body === undefined ? 'GET' : 'POST',
      url: `${options.baseUrl}${path}`,
      headers: {
        authorization,
        accept: 'application/json',
        'shippo-api-version': shippoApiVersion,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repeat: kind === undefined ? 'always' : 'never',
      ...(signal === undefined ? {} : { signal }),
      judge: (reply) => shippoFault({ operation, reply, purchase: kind === 'purchase', redact, now: clock.now() }),
    });
  }

  /** Asks for something, and reads it. */
  async function ask<Answer>(schema: ZodType<Answer>, asked: Asked): Promise<Answer> {
    return parseReply(schema, await call(asked), {
      connector,
      operation: asked.operation,
      outcome: asked.kind === undefined ? 'not-applied' : 'unknown',
    });
  }

  return {
    createShipment: (draft, redact, signal) =>
      ask(wireShipmentSchema, { operation: 'shipment.make', path: '/shipments', body: draft, redact, signal }),
    shipment: (id, redact, signal) => ask(wireShipmentSchema, { operation: 'shipment.one', path: pathOf('shipments', id), redact, signal }),
    rate: (id, redact) => ask(wireRateSchema, { operation: 'rate.one', path: pathOf('rates', id), redact }),
    buy: (draft, redact) => call({ operation: 'transaction.make', path: '/transactions', body: draft, redact, kind: 'purchase' }),
    transaction: (id, redact) => ask(wireTransactionSchema, { operation: 'transaction.one', path: pathOf('transactions', id), redact }),
    transactionsOfRate: (rate, redact) =>
      call({ operation: 'transaction.list', path: `/transactions?${query({ rate, results: String(pageSize) })}`, redact }),
    async transactions(page, redact) {
      const path = `/transactions?${query({ page: String(page), results: String(pageSize) })}`;
      const { results, next } = await ask(wireTransactionsSchema, { operation: 'transaction.list', path, redact });
      return { items: results, isLast: !next };
    },
    refund: (transaction, redact) =>
      ask(wireRefundSchema, { operation: 'refund.make', path: '/refunds', body: { transaction, async: false }, redact, kind: 'once' }),
    async accounts(redact) {
      const path = `/carrier_accounts?${query({ results: String(pageSize) })}`;
      return (await ask(wireAccountsSchema, { operation: 'account.list', path, redact })).results;
    },
    account: (id, redact) => ask(wireAccountSchema, { operation: 'account.one', path: pathOf('carrier_accounts', id), redact }),
    checkAddress: (address, redact) =>
      ask(wireCheckedAddressSchema, { operation: 'address.one', path: `/v2/addresses/validate?${query(address)}`, redact }),
    async track(carrier, trackingNumber, redact) {
      const path = `/tracks/${encodeURIComponent(carrier)}/${encodeURIComponent(trackingNumber)}`;
      try {
        return await ask(wireTrackSchema, { operation: 'track.one', path, redact });
      } catch (error) {
        if (isFault(error) && (error.code === 'not-found' || error.facts.status === 400)) return null;
        throw error;
      }
    },
    createManifest: (draft, redact) =>
      ask(wireManifestSchema, { operation: 'manifest.make', path: '/manifests', body: draft, redact, kind: 'once' }),
    manifest: (id, redact) => ask(wireManifestSchema, { operation: 'manifest.one', path: pathOf('manifests', id), redact }),
    async manifests(page, redact) {
      const path = `/manifests?${query({ page: String(page), results: String(pageSize) })}`;
      const { results, next } = await ask(wireManifestsSchema, { operation: 'manifest.list', path, redact });
      return { items: results, isLast: !next };
    },
  };
}

/** Reads a purchase out of a raw answer. */
export function readTransaction(reply: HttpReply): WireTransaction {
  return parseReply(wireTransactionSchema, reply, { connector, operation: 'transaction.make', outcome: 'unknown' });
}

/** Reads purchases out of a raw answer. */
export function readTransactions(reply: HttpReply): readonly WireTransaction[] {
  return parseReply(wireTransactionsSchema, reply, { connector, operation: 'transaction.list', outcome: 'not-applied' }).results;
}

function pathOf(things: string, id: string): string {
  return `/${things}/${encodeURIComponent(id)}`;
}

function query(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(values).toString();
}
