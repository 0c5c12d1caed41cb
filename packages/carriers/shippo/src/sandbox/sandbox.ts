import { documentTypes, sampleDocument, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs, type Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import { serveAddresses } from './addresses.ts';
import { bodyOf, invalid, notFound, originOf, pageOf, wrong } from './answers.ts';
import { parcels, type SandboxScan, type SandboxWebhook } from './parcels.ts';
import { formatOf, manifestJson, rateJson, shipmentJson, transactionJson } from './replies.ts';
import { manifestRequestSchema, refundRequestSchema, shipmentRequestSchema, transactionRequestSchema } from './requests.ts';
import { shippoState, type PurchaseTrouble, type StoredTransaction } from './state.ts';
import { accountOf, providerOf, type SandboxTariff } from './tariff.ts';
import { throttle } from './throttle.ts';

export type ShippoSandboxOptions = {
  /** With `shippo_test_` at its beginning the limits are those of test mode. */
  readonly apiKey: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly tariffs: readonly SandboxTariff[];
  /** Decides ids and tracking numbers; default 1. */
  readonly seed?: number;
  /** What goes wrong with a purchase; `purchase` counts all purchases from 0. */
  readonly trouble?: (purchase: number, metadata: string) => PurchaseTrouble | null;
  /** Whether the refund that is just asked for is rejected; default never. */
  readonly rejectsRefund?: () => boolean;
  /** Signs webhooks; without it they go unsigned. */
  readonly webhookSecret?: string;
  /** How long carriers take for rates; until then a shipment is `QUEUED`. Default 0. */
  readonly ratingTakesMs?: number;
  /** How long a purchase is not in lists yet; default 0. */
  readonly listLagMs?: number;
};

export type SandboxLabel = {
  readonly transactionId: string;
  readonly metadata: string;
  readonly service: string;
  readonly trackingNumber: string;
  readonly priceMinor: number;
  readonly status: string;
};

export type ShippoSnapshot = {
  readonly shipments: number;
  readonly labels: readonly SandboxLabel[];
  /** Labels beyond the first of one metadata: money lost. */
  readonly duplicates: readonly SandboxLabel[];
  /** Purchases that came to nothing. */
  readonly failures: number;
  readonly manifests: readonly { readonly id: string; readonly transactions: readonly string[] }[];
  /** Taken for labels, in minor units, and paid back. */
  readonly chargedMinor: number;
  readonly refundedMinor: number;
};

export type ShippoSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => ShippoSnapshot;
  /** Prices from now on; rates keep theirs. */
  readonly setTariffs: (tariffs: readonly SandboxTariff[]) => void;
  /** The carrier scans a parcel, so its label is used; default `accepted`. False when the tracking number is unknown. */
  readonly scan: (trackingNumber: string, what?: SandboxScan) => boolean;
  /** Webhooks that wait to be delivered, in order. */
  readonly takeWebhooks: () => readonly SandboxWebhook[];
};

/**
 * A stateful Shippo: rating, purchases that fail under a status of success or take their time, refunds, label files, tracking and its signed webhooks, the check of addresses, manifests, carrier
 * accounts, the key, the version and the limits by the minute. Unknown fields of requests are refused, which Shippo does not do. Shipments of several parcels, batches, orders, pickups, instant labels
 * and the webhooks' registration are not there.
 */
export function createShippoSandbox(options: ShippoSandboxOptions): ShippoSandbox {
  const { apiKey, clock } = options;
  const state = shippoState({
    clock,
    currency: options.currency,
    tariffs: options.tariffs,
    seed: options.seed ?? 1,
    ratingTakesMs: options.ratingTakesMs ?? 0,
  });
  const waits = throttle(clock, apiKey.startsWith('shippo_test_'));
  const app = new Hono();
  let purchases = 0;

  app.use('*', async (context, next) => {
    if (/^\/(labels|documents)\//.test(context.req.path)) return next();
    const given = context.req.header('authorization') ?? '';
    if (given === '') return context.json({ detail: 'Authentication credentials were not provided.' }, 401);
    if (given !== `ShippoToken ${apiKey}`) return context.json({ detail: 'Token does not exist' }, 401);
    const version = context.req.header('shippo-api-version');
    if (version !== undefined && !/^\d{4}-\d\d-\d\d$/.test(version)) return context.json({ detail: 'Invalid API version.' }, 400);
    const waitMs = waits(context.req.method, context.req.path);
    if (waitMs > 0) {
      const seconds = String(Math.ceil(waitMs / 1_000));
      return context.json({ detail: `Request was throttled. Expected available in ${seconds} seconds.` }, 429, { 'retry-after': seconds });
    }
    return next();
  });

  app.post('/shipments', async (context) => {
    const parsed = shipmentRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const unknown = parsed.data.carrier_accounts?.find((id) => !state.tariffs().some((tariff) => accountOf(tariff) === id));
    if (unknown !== undefined) return wrong(context, 'carrier_accounts', `CarrierAccount with supplied object_id ${unknown} not found.`);
    const shipment = state.createShipment(parsed.data, accountOf);
    return context.json(shipmentJson(shipment, state.isRated(shipment)), 201);
  });
  app.get('/shipments/:id', (context) => {
    const shipment = state.shipment(context.req.param('id'));
    return shipment === null ? notFound(context) : context.json(shipmentJson(shipment, state.isRated(shipment)));
  });
  app.get('/rates/:id', (context) => {
    const rate = state.rate(context.req.param('id'));
    return rate === null ? notFound(context) : context.json(rateJson(rate));
  });

  app.post('/transactions', async (context) => {
    const parsed = transactionRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const { rate: rateId, label_file_type: fileType = 'PDF_4x6', metadata = '', async: isAsync = true } = parsed.data;
    const rate = state.rate(rateId);
    if (rate === null) return wrong(context, 'rate', `Rate with supplied object_id ${rateId} not found.`);
    const transaction = state.buy(rate, { fileType, metadata, isAsync }, options.trouble?.(purchases++, metadata) ?? null);
    return context.json(transactionJson(transaction, state, originOf(context)), 201);
  });
  app.get('/transactions', (context) => {
    const { rate, object_status: status } = context.req.query();
    const shownBefore = epochMs(clock.now()) - (options.listLagMs ?? 0);
    const wanted = state
      .transactions()
      .filter((transaction) => epochMs(transaction.createdAt) <= shownBefore)
      .filter(
        (transaction) =>
          (rate === undefined || transaction.rate.id === rate) && (status === undefined || state.statusOf(transaction) === status),
      );
    return pageOf(context, wanted, (transaction) => transactionJson(transaction, state, originOf(context)));
  });
  app.get('/transactions/:id', (context) => {
    const transaction = state.transaction(context.req.param('id'));
    return transaction === null ? notFound(context) : context.json(transactionJson(transaction, state, originOf(context)));
  });

  app.post('/refunds', async (context) => {
    const parsed = refundRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const transaction = state.transaction(parsed.data.transaction);
    if (transaction === null) return wrong(context, 'transaction', 'Transaction with supplied object_id not found.');
    const status = state.statusOf(transaction);
    if (status !== 'SUCCESS' && status !== 'REFUNDREJECTED') return wrong(context, 'transaction', 'The transaction cannot be refunded.');
    const refund = state.refund(transaction, options.rejectsRefund?.() ?? false);
    const asked = (parsed.data.async ?? true) ? 'QUEUED' : 'PENDING';
    return context.json(
      {
        object_id: refund.id,
        object_created: refund.createdAt,
        object_updated: refund.createdAt,
        object_owner: 'sandbox@quartermaster.test',
        status: refund.isRejected ? 'ERROR' : asked,
        transaction: transaction.id,
        test: true,
      },
      201,
    );
  });

  app.post('/manifests', async (context) => {
    const parsed = manifestRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const { carrier_account: account, shipment_date: shipmentDate, address_from: from, transactions: ids } = parsed.data;
    if (!state.tariffs().some((tariff) => accountOf(tariff) === account))
      return wrong(context, 'carrier_account', `CarrierAccount with supplied object_id ${account} not found.`);
    const found = ids.map((id) => state.transaction(id));
    if (found.includes(null)) return wrong(context, 'transactions', 'Transaction with supplied object_id not found.');
    const transactions = found.filter((transaction) => transaction !== null);
    const errors = transactions.flatMap(
      (transaction) => obstacle(transaction, { account, day: shipmentDate.slice(0, 10), street: from.street1 }) ?? [],
    );
    const manifest = state.closeOut({ account, shipmentDate, transactions: ids }, errors);
    if (errors.length === 0) for (const transaction of transactions) transaction.manifestId = manifest.id;
    return context.json(manifestJson(manifest, originOf(context)), 201);
  });
  app.get('/manifests', (context) => pageOf(context, state.manifests(), (manifest) => manifestJson(manifest, originOf(context))));
  app.get('/manifests/:id', (context) => {
    const manifest = state.manifest(context.req.param('id'));
    return manifest === null ? notFound(context) : context.json(manifestJson(manifest, originOf(context)));
  });

  app.get('/carrier_accounts', (context) => pageOf(context, accounts(), (account) => account));
  app.get('/carrier_accounts/:id', (context) => {
    const account = accounts().find(({ object_id }) => object_id === context.req.param('id'));
    return account === undefined ? notFound(context) : context.json(account);
  });

  const ways = parcels(state, { clock, webhookSecret: options.webhookSecret });
  ways.serve(app);
  serveAddresses(app);

  app.get('/labels/:file', (context) => {
    const transaction = state.transaction(context.req.param('file').split('.')[0] ?? '');
    if (transaction === null || transaction.outcome === 'failed') return notFound(context);
    const format = formatOf(transaction);
    const lines = ['SAMPLE - NO POSTAGE', transaction.rate.tariff.service, transaction.trackingNumber, transaction.metadata];
    return context.body(new Uint8Array(sampleDocument(format, lines)), 200, { 'content-type': documentTypes[format] });
  });
  app.get('/documents/:file', (context) => {
    const manifest = state.manifest(context.req.param('file').replace(/\.pdf$/, ''));
    if (manifest === null) return notFound(context);
    return context.body(new Uint8Array(sampleDocument('pdf', ['MANIFEST', ...manifest.transactions])), 200, {
      'content-type': documentTypes.pdf,
    });
  });
  app.notFound((context: Context) => notFound(context));

  function accounts(): { readonly object_id: string; readonly carrier: string; readonly [field: string]: unknown }[] {
    const ids = [...new Set(state.tariffs().map(accountOf))];
    return ids.map((id) => {
      const tariff = state.tariffs().find((one) => accountOf(one) === id);
      return {
        object_id: id,
        carrier: tariff?.carrier ?? '',
        carrier_name: tariff === undefined ? '' : providerOf(tariff),
        account_id: 'sandbox',
        active: true,
        test: true,
        is_shippo_account: true,
        parameters: {},
      };
    });
  }

  /** Every label of a manifest is live, of its account, its day and its address, and on no other. */
  function obstacle(
    transaction: StoredTransaction,
    of: { readonly account: string; readonly day: string; readonly street: string | undefined },
  ): string | null {
    const { request, createdAt } = transaction.rate.shipment;
    if (!['SUCCESS', 'REFUNDREJECTED'].includes(state.statusOf(transaction))) return `Transaction ${transaction.id} has no label.`;
    if (transaction.manifestId !== null) return `Transaction ${transaction.id} is on a manifest already.`;
    if (accountOf(transaction.rate.tariff) !== of.account) return `Transaction ${transaction.id} is of another carrier account.`;
    if ((request.shipment_date ?? createdAt).slice(0, 10) !== of.day) return `Transaction ${transaction.id} has another shipment date.`;
    return request.address_from.street1 === of.street ? null : `Transaction ${transaction.id} has another address.`;
  }

  return {
    app: async (request) => app.fetch(request),
    setTariffs: (tariffs) => state.setTariffs(tariffs),
    scan: (trackingNumber, what = 'accepted') => ways.scan(trackingNumber, what),
    takeWebhooks: () => ways.takeWebhooks(),
    snapshot() {
      const bought = state.transactions().filter((transaction) => !['ERROR', 'QUEUED'].includes(state.statusOf(transaction)));
      const labels = bought.map((transaction): SandboxLabel => ({
        transactionId: transaction.id,
        metadata: transaction.metadata,
        service: transaction.rate.tariff.service,
        trackingNumber: transaction.trackingNumber,
        priceMinor: transaction.rate.price.minor,
        status: state.statusOf(transaction),
      }));
      const sum = (some: readonly SandboxLabel[]) => some.reduce((total, { priceMinor }) => total + priceMinor, 0);
      return {
        shipments: state.shipmentCount(),
        labels,
        duplicates: labels.filter(
          ({ metadata }, index) => metadata !== '' && labels.findIndex((label) => label.metadata === metadata) < index,
        ),
        failures: state.transactions().filter((transaction) => state.statusOf(transaction) === 'ERROR').length,
        manifests: state.manifests().map(({ id, transactions }) => ({ id, transactions })),
        chargedMinor: sum(labels),
        refundedMinor: sum(labels.filter(({ status }) => status === 'REFUNDED')),
      };
    },
  };
}
