import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import { createHmac } from 'node:crypto';
import type { ZodError, ZodType } from 'zod';
import { partnerRoutes } from './partner-routes.ts';
import { answerJson, errorJson, trackedJson } from './replies.ts';
import { shippingRoutes } from './shipping-routes.ts';
import { fedexState, type PurchaseTrouble } from './state.ts';
import type { SandboxService } from './tariff.ts';

export type FedexSandboxOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Nine digits. */
  readonly accountNumber: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly services: readonly SandboxService[];
  /** What the contract takes off the base charge, default 20. */
  readonly discountPercent?: number;
  /** Security token of the webhook's project: with one every scan of a parcel of the account is pushed. */
  readonly webhookToken?: string;
  /** What goes wrong with a confirmation or a return label; `purchase` counts from 0. */
  readonly trouble?: (purchase: number) => PurchaseTrouble | null;
  /** Requests in any stretch of time, default FedEx's 1,400 in 10 seconds. */
  readonly limit?: { readonly requests: number; readonly perMs: number };
  /** The tracking learns of a label so long after it was made; default at once. */
  readonly tracksAfterMs?: number;
};

export type SandboxLabel = {
  readonly trackingNumber: string;
  readonly references: readonly string[];
  readonly service: string;
  readonly priceMinor: number;
  readonly isCancelled: boolean;
  readonly isClosed: boolean;
};

export type FedexSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => {
    readonly labels: readonly SandboxLabel[];
    /** Indexes of shipments that are open: they cost nothing. */
    readonly open: readonly string[];
    readonly tokensGranted: number;
    readonly pickups: readonly { readonly code: string; readonly company: string; readonly isCancelled: boolean }[];
  };
  /** Prices from now on. */
  readonly setServices: (services: readonly SandboxService[]) => void;
  /** FedEx scans a parcel. False when the number is unknown. */
  readonly scan: (trackingNumber: string, what: 'accepted' | 'delivered') => boolean;
  /** The next cancellation is refused. */
  readonly refuseNextVoid: () => void;
  /** The next confirmation (or return label) is refused with a status of success. */
  readonly failNextPurchase: () => void;
  /** Webhooks that wait to be delivered. */
  readonly takeWebhooks: () => readonly { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }[];
};

/** What the routes of the sandbox have in common. */
export type Desk = {
  /** The body as a schema has it and the account as ours, or the refusal. */
  readonly read: <Body extends object>(
    context: Context,
    schema: ZodType<Body>,
  ) => Promise<{ readonly body: Body } | { readonly refusal: Response }>;
  readonly refuse: (context: Context, code: string, message: string, status?: 400 | 404 | 503) => Response;
  readonly answer: (context: Context, output: Record<string, unknown>) => Response;
};

/**
 * A stateful FedEx: OAuth tokens that run out after an hour, rating and buying by the same tariff, open shipments by index that are purged after five days, confirmations, labels that are given out
 * once, cancellation until the first scan, tracking by number and reference, signed webhooks, address resolution, pickups, the end of a day of Ground. It wants what FedEx's specifications require,
 * JSON, the account as payer, and no more requests than FedEx allows. Papers for the customs are checked and not made. FedEx publishes no codes of most of its refusals; those here are our own where
 * the specifications have none.
 */
export function createFedexSandbox(options: FedexSandboxOptions): FedexSandbox {
  const { clock, currency, accountNumber } = options;
  const state = fedexState({
    clock,
    limit: options.limit ?? { requests: 1_400, perMs: 10_000 },
    tracksAfterMs: options.tracksAfterMs ?? 0,
  });
  let services = options.services;
  let refusesVoid = false;
  let failsPurchase = false;
  const app = new Hono();

  const desk: Desk = {
    refuse: (context, code, message, status = 400) => context.json(errorJson(code, message), status),
    answer: (context, output) => context.json(answerJson(output)),
    async read(context, schema) {
      const parsed = schema.safeParse(await bodyOf(context));
      if (!parsed.success)
        return { refusal: desk.refuse(context, 'INVALID.INPUT.EXCEPTION', `Invalid field value in the input: ${placeOf(parsed.error)}`) };
      const { data } = parsed;
      const account =
        'accountNumber' in data ? data.accountNumber : 'associatedAccountNumber' in data ? data.associatedAccountNumber : undefined;
      if (account !== undefined && !isAccount(account, accountNumber))
        return { refusal: desk.refuse(context, 'ACCOUNT.NUMBER.MISMATCH', 'The account number is not of this project.') };
      return { body: data };
    },
  };

  app.use('*', async (context, next) => {
    if (!state.admit())
      return context.json(
        errorJson('TOO.MANY.REQUESTS', 'We have received too many requests in a short duration. Please wait a while to try again.'),
        429,
      );
    return next();
  });

  app.post('/oauth/token', async (context) => {
    if (context.req.header('content-type') !== 'application/x-www-form-urlencoded')
      return context.json(
        errorJson('BAD.REQUEST.ERROR', 'Missing or duplicate parameters. Please modify your request and try again.'),
        400,
      );
    const form = new URLSearchParams(await context.req.text());
    const isKnown = form.get('client_id') === options.clientId && form.get('client_secret') === options.clientSecret;
    if (form.get('grant_type') !== 'client_credentials' || !isKnown)
      return context.json(
        errorJson('NOT.AUTHORIZED.ERROR', 'The given client credentials were not valid. Please modify your request and try again.'),
        401,
      );
    const { token, lifeSeconds } = state.grantToken();
    return context.json({ access_token: token, token_type: 'bearer', expires_in: lifeSeconds, scope: 'CXS' });
  });

  app.use('*', async (context, next) => {
    const token = context.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
    if (!state.isGoodToken(token))
      return context.json(errorJson('NOT.AUTHORIZED.ERROR', 'Access token expired. Please modify your request and try again.'), 401);
    if (context.req.header('content-type') !== 'application/json')
      return context.json(errorJson('UNSUPPORTED.MEDIA.TYPE', 'The content type must be application/json.'), 415);
    return next();
  });

  shippingRoutes(app, {
    desk,
    state,
    currency,
    accountNumber,
    discountPercent: options.discountPercent ?? 20,
    services: () => services,
    trouble(purchase) {
      const fails = failsPurchase;
      failsPurchase = false;
      return fails ? 'refused-as-success' : (options.trouble?.(purchase) ?? null);
    },
    refusesVoid() {
      const refuses = refusesVoid;
      refusesVoid = false;
      return refuses;
    },
  });
  partnerRoutes(app, { desk, state, accountNumber });
  app.notFound((context) =>
    context.json(
      errorJson('NOT.FOUND.ERROR', 'The resource you requested is no longer available. Please modify your request and try again.'),
      404,
    ),
  );

  return {
    app: async (request) => app.fetch(request),
    snapshot: () => ({
      labels: state.all().map(({ trackingNumber, references, service, price, cancelledAt, isClosed }) => ({
        trackingNumber,
        references,
        service,
        priceMinor: price.totalMinor,
        isCancelled: cancelledAt !== null,
        isClosed,
      })),
      open: state.allOpen().map(({ index }) => index),
      tokensGranted: state.tokensGranted(),
      pickups: state.pickups().map(({ code, company, isCancelled }) => ({ code, company, isCancelled })),
    }),
    setServices: (more) => {
      services = more;
    },
    scan(trackingNumber, what) {
      const shipment = state.byNumber(trackingNumber);
      if (shipment === null) return false;
      state.scan(shipment, what, (scanned) => JSON.stringify(answerJson({ completeTrackResults: [trackedJson(scanned)] })));
      return true;
    },
    refuseNextVoid: () => {
      refusesVoid = true;
    },
    failNextPurchase: () => {
      failsPurchase = true;
    },
    takeWebhooks() {
      const { webhookToken } = options;
      const taken = state.takePushed();
      if (webhookToken === undefined) return [];
      return taken.map((body) => ({
        headers: {
          'content-type': 'application/json',
          'fdx-signature': createHmac('sha256', webhookToken).update(body).digest('base64'),
        },
        body: Buffer.from(body),
      }));
    },
  };
}

function isAccount(given: unknown, ours: string): boolean {
  return typeof given === 'object' && given !== null && 'value' in given && given.value === ours;
}

function placeOf(error: ZodError): string {
  return error.issues[0]?.path.join('.') || 'the request';
}

async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}
