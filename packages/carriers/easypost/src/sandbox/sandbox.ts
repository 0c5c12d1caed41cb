import { documentTypes, sampleDocument, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs, labelFormats, type Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import { serveAddresses } from './addresses.ts';
import { bodyOf, impossible, invalid, notFound, originOf } from './answers.ts';
import { serveHandover } from './handover.ts';
import { easypostState, type PurchaseTrouble, type StoredShipment } from './state.ts';
import type { SandboxTariff } from './tariff.ts';
import { trackers, type SandboxScan, type SandboxWebhook } from './trackers.ts';
import { buyRequestSchema, errorJson, ratesJson, shipmentJson, shipmentRequestSchema, smartRatesJson } from './wire.ts';

export type EasyPostSandboxOptions = {
  readonly apiKey: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly tariffs: readonly SandboxTariff[];
  /** Decides ids and tracking codes; default 1. */
  readonly seed?: number;
  /** What goes wrong with a purchase; `purchase` counts all purchases from 0. */
  readonly trouble?: (purchase: number, reference: string | null) => PurchaseTrouble | null;
  /** Whether the carrier rejects the refund that is just asked for; default never. */
  readonly rejectsRefund?: () => boolean;
  /** Signs webhooks; without it they go unsigned. */
  readonly webhookSecret?: string;
  /** Whether the account has SmartRate; default true. */
  readonly smartRate?: boolean;
};

export type EasyPostSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => EasyPostSnapshot;
  /** Prices from now on; shipments keep their rates until they are rated anew. */
  readonly setTariffs: (tariffs: readonly SandboxTariff[]) => void;
  /** The carrier scans a parcel, so its label is used; default `accepted`. False when the tracking code is unknown. */
  readonly scan: (trackingCode: string, what?: SandboxScan) => boolean;
  /** Webhooks that wait to be delivered, in order. */
  readonly takeWebhooks: () => readonly SandboxWebhook[];
};

export type SandboxLabel = {
  readonly shipmentId: string;
  readonly reference: string | null;
  readonly carrier: string;
  readonly service: string;
  readonly trackingCode: string;
  readonly priceMinor: number;
  readonly refundStatus: string | null;
};

export type EasyPostSnapshot = {
  readonly shipments: readonly { readonly id: string; readonly reference: string | null; readonly bought: boolean }[];
  readonly labels: readonly SandboxLabel[];
  /** Labels beyond the first of one reference: money lost. */
  readonly duplicates: readonly SandboxLabel[];
  readonly refunds: readonly { readonly shipmentId: string; readonly status: string }[];
  readonly pickups: readonly { readonly id: string; readonly status: string }[];
  /** Taken from the wallet, in minor units; what the carrier bills by itself is not in it. */
  readonly chargedMinor: number;
  readonly refundedMinor: number;
};

/**
 * A stateful EasyPost in test mode: rating, the state machine of a purchase, returns, customs, refunds, label files and their conversion, addresses, trackers and their signed webhooks,
 * batches, pickups, scan forms, SmartRate, Basic authentication, errors as documented, and five listings a second. Documents are served by the sandbox itself. Orders, EasyPost's own
 * insurance, claims and the webhooks' registration are not there.
 */
export function createEasyPostSandbox(options: EasyPostSandboxOptions): EasyPostSandbox {
  const { clock } = options;
  const state = easypostState({ clock, currency: options.currency, tariffs: options.tariffs, seed: options.seed ?? 1 });
  const authorization = `Basic ${Buffer.from(`${options.apiKey}:`).toString('base64')}`;
  const listings: number[] = [];
  let purchases = 0;
  const app = new Hono();

  app.use('/v2/*', async (context, next) => {
    if (context.req.header('authorization') !== authorization && context.req.header('authorization') !== `Bearer ${options.apiKey}`)
      return context.json(
        errorJson('APIKEY.INACTIVE', 'This API key is no longer active. Please use a different API key or reactivate this key.'),
        401,
      );
    return next();
  });

  app.post('/v2/shipments', async (context) => {
    const parsed = shipmentRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const draft = parsed.data.shipment;
    const shipment = state.create({
      reference: draft.reference ?? null,
      from: draft.from_address,
      to: draft.to_address,
      parcel: draft.parcel,
      options: draft.options ?? {},
      isReturn: draft.is_return ?? false,
      customs: draft.customs_info ?? null,
      accounts: draft.carrier_accounts ?? null,
      currency: draft.options?.currency ?? null,
      format: formatOf(draft.options?.label_format),
    });
    return context.json(shipmentJson(shipment, originOf(context)), 201);
  });

  // Listings are what EasyPost limits by a figure.
  app.use('/v2/:list', async (context, next) => {
    if (context.req.method !== 'GET') return next();
    const now = epochMs(clock.now());
    while (listings[0] !== undefined && listings[0] <= now - 1_000) listings.shift();
    if (listings.length >= 5)
      return context.json(errorJson('RATE_LIMITED', 'You have exceeded your rate limit.'), 429, { 'retry-after': '1' });
    listings.push(now);
    return next();
  });

  app.get('/v2/shipments', (context) => {
    const size = Math.min(100, Math.max(1, Number(context.req.query('page_size') ?? '20') || 20));
    const since = context.req.query('start_datetime') ?? '';
    const before = context.req.query('before_id');
    const wanted = state
      .all()
      .toReversed()
      .filter((shipment) => shipment.createdAt >= since && (context.req.query('purchased') !== 'true' || shipment.bought !== null));
    const newestFirst = before === undefined ? wanted : wanted.slice(wanted.findIndex(({ id }) => id === before) + 1);
    return context.json({
      shipments: newestFirst.slice(0, size).map((shipment) => shipmentJson(shipment, originOf(context))),
      has_more: newestFirst.length > size,
    });
  });

  app.get('/v2/shipments/:id', (context) => withShipment(context, (shipment) => context.json(shipmentJson(shipment, originOf(context)))));

  app.post('/v2/shipments/:id/rerate', (context) =>
    withShipment(context, (shipment) => {
      if (shipment.bought !== null) return context.json(purchaseError('SHIPMENT.POSTAGE.EXISTS'), 422);
      state.rerate(shipment);
      return context.json({ rates: ratesJson(shipment) });
    }),
  );

  app.post('/v2/shipments/:id/buy', async (context) => {
    const body = buyRequestSchema.safeParse(await bodyOf(context));
    return withShipment(context, (shipment) => {
      if (!body.success) return invalid(context, body.error);
      const chosen = shipment.rates.find(({ id }) => id === body.data.rate.id) ?? shipment.bought?.rate ?? shipment.underway?.rate;
      if (chosen === undefined) return notFound(context);
      const code = state.buy(shipment, chosen, options.trouble?.(purchases++, shipment.reference) ?? null);
      return code === null ? context.json(shipmentJson(shipment, originOf(context))) : context.json(purchaseError(code), 422);
    });
  });

  app.post('/v2/shipments/:id/refund', (context) =>
    withShipment(context, (shipment) =>
      state.refund(shipment, options.rejectsRefund?.() ?? false)
        ? context.json(shipmentJson(shipment, originOf(context)))
        : impossible(context, 'SHIPMENT.REFUND.UNAVAILABLE', 'Unable to request refund. The shipment has no postage.'),
    ),
  );

  // A PNG is turned into other formats, and nothing else into anything (EasyPost's documentation of labels).
  app.get('/v2/shipments/:id/label', (context) =>
    withShipment(context, (shipment) => {
      const format = labelFormats.find((known) => known === context.req.query('file_format')?.toLowerCase());
      if (shipment.bought === null || format === undefined) return notFound(context);
      if (format !== shipment.format && shipment.format !== 'png')
        return impossible(context, 'SHIPMENT.LABEL.FORMAT', 'Only labels that were made as PNG can be converted.');
      shipment.converted.add(format);
      return context.json(shipmentJson(shipment, originOf(context)));
    }),
  );

  app.get('/v2/shipments/:id/smartrate', (context) =>
    withShipment(context, (shipment) =>
      options.smartRate === false
        ? impossible(context, 'SMARTRATE.UNAVAILABLE', 'SmartRate is not enabled for this account.')
        : context.json({ result: smartRatesJson(shipment) }),
    ),
  );

  const tracked = trackers(state, { clock, webhookSecret: options.webhookSecret });
  tracked.serve(app);
  serveAddresses(app, state);
  const { pickups } = serveHandover(app, state, clock);

  app.get('/labels/:file', (context) => {
    const [id = '', extension] = context.req.param('file').split('.');
    const shipment = state.find(id);
    const format = labelFormats.find((known) => known === extension);
    if (shipment === null || shipment.bought === null || format === undefined) return notFound(context);
    const { rate, trackingCode } = shipment.bought;
    const document = sampleDocument(format, [
      'SAMPLE - NO POSTAGE',
      `${rate.tariff.carrier} ${rate.tariff.service}`,
      trackingCode,
      shipment.reference ?? '',
    ]);
    return context.body(new Uint8Array(document), 200, { 'content-type': documentTypes[format] });
  });

  app.notFound(notFound);

  function withShipment(context: Context, answer: (shipment: StoredShipment) => Response): Response {
    const shipment = state.find(context.req.param('id') ?? '');
    return shipment === null ? notFound(context) : answer(shipment);
  }

  return {
    app: async (request) => app.fetch(request),
    setTariffs: (tariffs) => state.setTariffs(tariffs),
    scan(trackingCode, what = 'accepted') {
      const known = state.scan(trackingCode);
      if (known) tracked.scan(trackingCode, what);
      return known;
    },
    takeWebhooks: () => tracked.takeWebhooks(),
    snapshot: () => ({ ...snapshotOf(state.all()), pickups: pickups() }),
  };
}

function snapshotOf(shipments: readonly StoredShipment[]): Omit<EasyPostSnapshot, 'pickups'> {
  const labels = shipments.flatMap(({ id, reference, bought, refund }): SandboxLabel[] => {
    if (bought === null) return [];
    const { carrier, service } = bought.rate.tariff;
    return [
      {
        shipmentId: id,
        reference,
        carrier,
        service,
        trackingCode: bought.trackingCode,
        priceMinor: bought.rate.price.minor,
        refundStatus: refund?.status ?? null,
      },
    ];
  });
  const fromWallet = shipments.filter(({ bought }) => bought !== null && bought.rate.tariff.billing !== 'carrier');
  const sum = (some: readonly StoredShipment[]) => some.reduce((total, { bought }) => total + (bought?.rate.price.minor ?? 0), 0);
  return {
    shipments: shipments.map(({ id, reference, bought }) => ({ id, reference, bought: bought !== null })),
    labels,
    duplicates: labels.filter(
      ({ reference }, index) => reference !== null && labels.findIndex((label) => label.reference === reference) < index,
    ),
    refunds: shipments.flatMap(({ id, refund }) => (refund === null ? [] : [{ shipmentId: id, status: refund.status }])),
    chargedMinor: sum(fromWallet),
    refundedMinor: sum(fromWallet.filter(({ refund }) => refund?.status === 'refunded')),
  };
}

const purchaseMessages: Readonly<Record<string, string>> = {
  'SHIPMENT.POSTAGE.EXISTS': 'Postage already exists for this shipment. Only one postage may be purchased per shipment.',
  'SHIPMENT.PURCHASE.IN_PROGRESS': 'A purchase of this shipment is in progress.',
  'SHIPMENT.POSTAGE.FAILURE': 'Unable to generate postage.',
  'SHIPMENT.POSTAGE.TIMED_OUT': 'The carrier did not answer in time.',
  'SHIPMENT.POSTAGE.NO_RESPONSE': 'The carrier did not answer.',
};

function purchaseError(code: string): Record<string, unknown> {
  return errorJson(code, purchaseMessages[code] ?? 'The purchase failed.');
}

function formatOf(label: 'PNG' | 'PDF' | 'ZPL' | undefined): 'png' | 'pdf' | 'zpl' {
  return label === 'ZPL' ? 'zpl' : label === 'PDF' ? 'pdf' : 'png';
}
