import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs, type Clock } from '@quartermaster/domain';
import { Hono } from 'hono';
import { createHmac } from 'node:crypto';
import { isLabelled, optionJson, statusJson, trackingJson, webhookJson } from './answers.ts';
import { bodyOf, notFound, refuse } from './replies.ts';
import { gramsOf, optionsRequestSchema } from './requests.ts';
import { returnRoutes } from './return-routes.ts';
import { shipmentRoutes } from './shipment-routes.ts';
import { servicePointRoutes, type SandboxServicePoint } from './service-point-routes.ts';
import { sendcloudState, type ParcelStatus, type SandboxTrouble, type StoredParcel } from './state.ts';
import { priceOf, totalOf, type SandboxOption } from './tariff.ts';

export type SendcloudSandboxOptions = {
  readonly publicKey: string;
  readonly secretKey: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly options: readonly SandboxOption[];
  readonly servicePoints?: readonly SandboxServicePoint[];
  /** Whether an external reference is taken once, as the specification says; default true. */
  readonly takesReferencesOnce?: boolean;
  /** What webhooks are signed with; default the secret key. */
  readonly webhookSecret?: string;
  /** Decides tracking numbers; default 1. */
  readonly seed?: number;
};

export type SandboxLabel = {
  readonly trackingNumber: string;
  readonly externalReference: string | null;
  readonly option: string;
  readonly priceMinor: number;
  readonly isReturn: boolean;
  readonly isCancelled: boolean;
};

export type SandboxWebhook = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

export type SendcloudSandbox = {
  readonly app: SandboxApp;
  /** Every label that was bought, in order. */
  readonly snapshot: () => { readonly labels: readonly SandboxLabel[] };
  /** Options and prices from now on. */
  readonly setOptions: (options: readonly SandboxOption[]) => void;
  /** Goes wrong once, at the next call that it is about. */
  readonly trouble: (trouble: SandboxTrouble) => void;
  /** The carrier scans a parcel. False when the number is unknown. */
  readonly scan: (trackingNumber: string, what: 'accepted' | 'delivered') => boolean;
  /** Webhooks that wait to be delivered. */
  readonly takeWebhooks: () => readonly SandboxWebhook[];
};

const minuteMs = 60_000;
const readsPerMinute = 420;
const writesPerMinute = 100;
const writesPerSecond = 15;

/**
 * A stateful Sendcloud (API v3): shipping options with quotes, shipments that are announced at once under references that are taken once, cancelling, documents, returns, tracking, service points, and
 * signed webhooks. It keeps the keys, the limits of requests, the fields that are required or unknown, papers at customs borders, and errors in Sendcloud's forms. Several parcels in one shipment,
 * announcing later, orders, pickups, contracts and shipping rules are not there.
 */
export function createSendcloudSandbox(options: SendcloudSandboxOptions): SendcloudSandbox {
  const { clock, currency, secretKey } = options;
  const basic = `Basic ${Buffer.from(`${options.publicKey}:${secretKey}`).toString('base64')}`;
  const webhooks: string[] = [];
  const tell = (parcel: Parameters<typeof webhookJson>[0]) => void webhooks.push(JSON.stringify(webhookJson(parcel, clock.now())));
  const state = sendcloudState({ clock, seed: options.seed ?? 1, tell });
  const asked: Record<'read' | 'write', number[]> = { read: [], write: [] };
  let offered = options.options;
  const app = new Hono();

  app.use('/api/v3/*', async (context, next) => {
    if (context.req.header('authorization') !== basic)
      return refuse({ status: 401, code: 'authentication_failed', detail: 'The username or password provided is incorrect.' });
    const kind = context.req.method === 'GET' ? 'read' : 'write';
    const now = epochMs(clock.now());
    const times = asked[kind].filter((at) => at > now - minuteMs);
    asked[kind] = times;
    const isTooMuch =
      times.length >= (kind === 'read' ? readsPerMinute : writesPerMinute) ||
      (kind === 'write' && times.filter((at) => at > now - 1_000).length >= writesPerSecond);
    if (isTooMuch) return refuse({ status: 429, code: 'hit_rate_limit', detail: 'Rate limit exceeded' });
    times.push(now);
    state.settle();
    return next();
  });

  app.get('/api/v3/user/auth/metadata', (context) => context.json({ data: { user_id: 1, integration_id: 7 } }));

  app.get('/api/v3/parcels/statuses', (context) => {
    const known: ParcelStatus[] = [
      'READY_TO_SEND',
      'ANNOUNCING',
      'ANNOUNCEMENT_FAILED',
      'CANCELLING',
      'CANCELLED',
      'PICKED_UP_BY_DRIVER',
      'DELIVERED',
    ];
    return context.json({ data: known.map(statusJson) });
  });

  app.post('/api/v3/shipping-options', async (context) => {
    const body = await bodyOf(context, optionsRequestSchema);
    if ('refusal' in body) return refuse(body.refusal);
    const { from_country_code: from, to_country_code: to, shipping_option_code: code, parcels, calculate_quotes: withQuotes } = body.data;
    const [parcel] = parcels ?? [];
    const grams = parcel?.weight === undefined ? 0 : gramsOf(parcel.weight);
    const data = offered.flatMap((option) => {
      if (code !== undefined && option.code !== code) return [];
      const price = priceOf(option, { from: from ?? '', to: to ?? '', grams, insured: parcel?.additional_insured_price ?? 0 });
      if (price === null) return [];
      return [optionJson(option, withQuotes && option.unpriced !== true ? price : null, { grams, currency })];
    });
    return context.json({ data });
  });

  app.get('/api/v3/parcels/tracking/:number', (context) => {
    const found = [...state.shipments(), ...state.returns()].find(
      (one) => isLabelled(one) && one.trackingNumber === context.req.param('number'),
    );
    return found === undefined ? context.json({ detail: 'Parcel does not exist' }, 404) : context.json(trackingJson(found));
  });

  shipmentRoutes(app, { state, optionsNow: () => offered, takesOnce: options.takesReferencesOnce ?? true });
  returnRoutes(app, { state, currency, optionsNow: () => offered });
  servicePointRoutes(app, options.servicePoints ?? []);
  app.notFound(() => notFound());

  return {
    app: async (request) => app.fetch(request),
    setOptions: (more) => {
      offered = more;
    },
    trouble: (trouble) => state.arm(trouble),
    scan(trackingNumber, what) {
      const found = state.all().find((one) => one.trackingNumber === trackingNumber);
      if (found === undefined) return false;
      state.scan(found, what);
      return true;
    },
    takeWebhooks: () =>
      webhooks.splice(0).map((body) => ({
        body: Buffer.from(body),
        headers: {
          'content-type': 'application/json',
          'sendcloud-signature': createHmac('sha256', options.webhookSecret ?? secretKey)
            .update(body)
            .digest('hex'),
        },
      })),
    snapshot() {
      state.settle();
      const sold = state.all().filter(({ status }) => status !== 'ANNOUNCEMENT_FAILED');
      return {
        labels: sold.map((one) => ({
          trackingNumber: one.trackingNumber,
          externalReference: (one.kind === 'shipment' ? one.request.external_reference_id : one.request.external_reference) ?? null,
          option: one.option.code,
          priceMinor: totalOf(one.price),
          isReturn: one.kind === 'return',
          isCancelled: isGone(one),
        })),
      };
    },
  };
}

function isGone({ status }: StoredParcel): boolean {
  return status === 'CANCELLED' || status === 'CANCELLING';
}
