import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { localDate, type Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import type { ZodError } from 'zod';
import type { PostageAccount } from '../tokens.ts';
import { handoverRoutes } from './handover-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { quota } from './quota.ts';
import { pushedWebhook } from './push.ts';
import { errorJson, optionJson, tokenJson } from './replies.ts';
import { optionsRequestSchema, paymentRequestSchema, tokenRequestSchema, type RoleBody } from './requests.ts';
import { uspsState, type PurchaseTrouble, type Scan } from './state.ts';
import { lengthAndGirth, mostInches, mostPounds, quote, type SandboxService } from './tariff.ts';

export type UspsSandboxOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly account: PostageAccount;
  readonly clock: Clock;
  readonly services: readonly SandboxService[];
  /** IANA zone where parcels start, default `America/New_York`: by it days of mailing are past or not. */
  readonly zone?: string;
  /** The app's quota, default 60. */
  readonly callsPerHour?: number;
  /** Of a subscription to the account's mailer id: whoever gives it is told of scans. */
  readonly webhookSecret?: string;
  /** What goes wrong with a purchase; `purchase` counts from 0. */
  readonly trouble?: (purchase: number) => PurchaseTrouble | null;
};

export type SandboxLabel = {
  readonly trackingNumber: string;
  readonly mailClass: string;
  readonly rateIndicator: string;
  readonly priceMinor: number;
  readonly isGivenBack: boolean;
};

export type UspsSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => {
    readonly labels: readonly SandboxLabel[];
    readonly tokensGranted: number;
    readonly paymentsAuthorized: number;
    /** Calls that were more than the quota has. */
    readonly callsRefused: number;
    readonly pickups: readonly { readonly confirmation: string; readonly date: string; readonly isCancelled: boolean }[];
  };
  /** Prices from now on. */
  readonly setServices: (services: readonly SandboxService[]) => void;
  /** USPS scans a parcel. False when the number is unknown. */
  readonly scan: (trackingNumber: string, what: Scan) => boolean;
  /** The next label that is given back is refused with 160184. */
  readonly refuseNextVoid: () => void;
  /** Webhooks that wait to be delivered. */
  readonly takeWebhooks: () => readonly { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }[];
};

/** What routes share. */
export type SandboxWorld = {
  readonly state: ReturnType<typeof uspsState>;
  readonly account: PostageAccount;
  readonly zone: string;
  readonly services: () => readonly SandboxService[];
  readonly today: () => string;
  readonly trouble: () => PurchaseTrouble | null;
  /** Whether the next void is to be refused, once. */
  readonly takesVoidRefusal: () => boolean;
  readonly clock: Clock;
  readonly bodyOf: (context: Context) => Promise<unknown>;
  readonly invalid: (context: Context, error: ZodError) => Response;
};

/**
 * A stateful USPS: access tokens and payment authorizations of eight hours, a quota of calls, shipping options and labels by the same tariff, idempotency keys, reprints, cancellations until the night
 * after the day of mailing and refunds after it, SCAN forms, addresses, tracking, carrier pickups by their tag. It wants what USPS's specifications require and refuses by the codes of its error
 * inventory.
 */
export function createUspsSandbox(options: UspsSandboxOptions): UspsSandbox {
  const { account, clock } = options;
  const zone = options.zone ?? 'America/New_York';
  const state = uspsState({ clock, mid: account.mid });
  const calls = quota({ clock, callsPerHour: options.callsPerHour ?? 60 });
  let { services } = options;
  let purchases = 0;
  let refusesVoid = false;
  const pushed: ReturnType<typeof pushedWebhook>[] = [];
  const app = new Hono();
  const world: SandboxWorld = {
    state,
    account,
    zone,
    clock,
    services: () => services,
    today: () => localDate(clock.now(), zone),
    trouble: () => options.trouble?.(purchases++) ?? null,
    takesVoidRefusal() {
      const refuses = refusesVoid;
      refusesVoid = false;
      return refuses;
    },
    bodyOf,
    invalid,
  };

  app.use('*', async (context, next) => {
    const waitSeconds = calls.take();
    if (waitSeconds !== null)
      return context.json(errorJson(429, 'Too Many Requests', '429', 'Too many requests have been received from the client.'), 429, {
        'retry-after': String(waitSeconds),
      });
    return next();
  });

  app.post('/oauth2/v3/token', async (context) => {
    const parsed = tokenRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return context.json({ error: 'invalid_request', error_description: 'Missing parameters', error_uri: '' }, 400);
    if (parsed.data.client_id !== options.clientId || parsed.data.client_secret !== options.clientSecret)
      return context.json({ error: 'invalid_client', error_description: 'The client credentials are invalid', error_uri: '' }, 401);
    return context.json(tokenJson({ ...state.grantToken(), clientId: options.clientId, clock }));
  });

  app.use('*', async (context, next) => {
    const token = context.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
    if (state.isGoodToken(token)) return next();
    return context.json(errorJson(401, 'Unauthorized', '401', 'The access token is not valid, or has run out.'), 401, {
      'www-authenticate': 'Bearer realm="https://api.usps.com"',
    });
  });

  app.post('/payments/v3/payment-authorization', async (context) => {
    const parsed = paymentRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const refusal = rolesRefusal(parsed.data.roles, account);
    if (refusal !== null) return context.json(errorJson(400, 'Bad Request', refusal[0], refusal[1], 'roles'), 400);
    return context.json({ paymentAuthorizationToken: state.authorizePayment(), roles: parsed.data.roles });
  });

  app.post('/shipments/v3/options/search', async (context) => {
    const parsed = optionsRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const { packageDescription: piece, pricingOptions, originZIPCode, destinationZIPCode } = parsed.data;
    const refuse = (code: string, detail: string, parameter = '') =>
      context.json(errorJson(400, 'Bad Request', code, detail, parameter), 400);
    const [pricing] = pricingOptions;
    const priceType = pricing?.priceType ?? 'COMMERCIAL';
    if (priceType === 'CONTRACT' && pricing?.paymentAccount === undefined)
      return refuse('160154', "required when priceType is 'CONTRACT'", 'paymentAccount');
    if (piece.weight > mostPounds) return refuse('030004', 'Package weight does not qualify for this product.');
    if (lengthAndGirth(piece) > mostInches) return refuse('030008', 'Package size exceeds maximum allowed for mail class');
    const mailingDate = piece.mailingDate ?? world.today();
    if (mailingDate < world.today()) return refuse('040002', `Invalid AcceptDate ${mailingDate}.`);
    const asked = services.filter(({ mailClass }) => isAsked(mailClass, piece.mailClass));
    const quotes = asked.flatMap(
      (service) =>
        quote(service, piece, {
          mailingDate,
          extras: piece.extraServices ?? [],
          value: piece.packageValue ?? null,
          hasContract: priceType === 'CONTRACT',
        }) ?? [],
    );
    if (quotes.length === 0) return refuse('030020', 'No valid rates for these parameters.');
    const classes = [...new Set(quotes.map(({ mailClass }) => mailClass))];
    return context.json({
      originZIPCode,
      destinationZIPCode,
      pricingOptions: [
        {
          shippingOptions: classes.map((mailClass) => ({
            mailClass,
            rateOptions: quotes
              .filter((quoted) => quoted.mailClass === mailClass)
              .map((quoted) => optionJson(quoted, { mailingDate, priceType, isReturn: mailClass.endsWith('_RETURN_SERVICE') })),
          })),
          priceType,
          ...(pricing?.paymentAccount === undefined ? {} : { paymentAccount: pricing.paymentAccount }),
        },
      ],
    });
  });

  labelRoutes(app, world);
  handoverRoutes(app, world);
  app.notFound((context) => context.json(errorJson(404, 'Not Found', '404', 'The requested resource was not found.'), 404));

  return {
    app: async (request) => app.fetch(request),
    snapshot: () => ({
      labels: state.all().map(({ price, standing, trackingNumber }) => ({
        trackingNumber,
        mailClass: price.mailClass,
        rateIndicator: price.rateIndicator,
        priceMinor: price.totalMinor,
        isGivenBack: standing !== 'bought',
      })),
      tokensGranted: state.granted().tokens,
      paymentsAuthorized: state.granted().payments,
      callsRefused: calls.refused(),
      pickups: state.pickups().map(({ confirmation, date, isCancelled }) => ({ confirmation, date, isCancelled })),
    }),
    setServices: (more) => {
      services = more;
    },
    scan(trackingNumber, what) {
      const label = state.byNumber(trackingNumber);
      label?.scans.push({ what, at: clock.now() });
      if (label !== null && options.webhookSecret !== undefined)
        pushed.push(pushedWebhook(label, { what, secret: options.webhookSecret, at: clock.now(), zone }));
      return label !== null;
    },
    refuseNextVoid: () => {
      refusesVoid = true;
    },
    takeWebhooks: () => pushed.splice(0),
  };
}

function isAsked(mailClass: string, asked: string): boolean {
  const isReturn = mailClass.endsWith('_RETURN_SERVICE');
  if (asked === 'ALL_OUTBOUND') return !isReturn;
  return asked === 'ALL_RETURNS' ? isReturn : mailClass === asked;
}

/** Who pays and whose labels they are must be named, with the account's own numbers. */
function rolesRefusal(roles: readonly RoleBody[], account: PostageAccount): readonly [code: string, detail: string] | null {
  const role = (name: string) => roles.find(({ roleName }) => roleName === name);
  const [payer, owner] = [role('PAYER'), role('LABEL_OWNER')];
  if (payer === undefined) return ['160228', 'PAYER is required'];
  if (owner === undefined) return ['160229', 'LABEL_OWNER is required'];
  if (payer.accountType === undefined) return ['160223', 'PAYER requires accountType'];
  if (owner.MID === undefined) return ['160221', 'LABEL_OWNER requires MID'];
  if (owner.manifestMID === undefined) return ['160222', 'LABEL_OWNER requires manifestMID'];
  const isPayer =
    account.pays.type === 'EPS'
      ? payer.accountNumber === account.pays.accountNumber
      : payer.permitNumber === account.pays.permitNumber && payer.permitZIP === account.pays.zipCode;
  if (!isPayer || payer.CRID !== account.crid || payer.accountType !== account.pays.type)
    return ['100001', `Could not find an ${payer.accountType} Account with number: ${payer.accountNumber ?? payer.permitNumber ?? ''}.`];
  return new Set(roles.map(({ roleName }) => roleName)).size < roles.length ? ['160227', 'no duplicate roles allowed'] : null;
}

function invalid(context: Context, error: ZodError): Response {
  const [issue] = error.issues;
  const parameter = issue?.path.join('.') ?? '';
  return context.json(
    errorJson(400, 'Bad Request', '030010', `${parameter || 'The request'}: ${issue?.message ?? 'is invalid'}`, parameter),
    400,
  );
}

async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}
