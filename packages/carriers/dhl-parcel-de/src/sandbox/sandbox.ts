import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import type { ZodError } from 'zod';
import { paths, standardProfile } from '../limits.ts';
import { samplePdf } from './label-document.ts';
import { manifestRoutes } from './manifest-routes.ts';
import { pickupRoutes, type SandboxPickup } from './pickup-routes.ts';
import { madeJson, multiStatus, okStatus, refusedJson, shortJson, statusJson } from './replies.ts';
import { ordersQuerySchema, ordersRequestSchema, returnRequestSchema, type ShipmentBody } from './request-schemas.ts';
import { messagesOf, type RuleMessage } from './shipment-rules.ts';
import { dhlState, unknownNumber, type OrderTrouble } from './state.ts';
import { trackingRoutes } from './tracking-routes.ts';

export type DhlParcelDeSandboxOptions = {
  readonly user: string;
  readonly password: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly clock: Clock;
  /** That the user may pay with, for shipments and pickups. */
  readonly billingNumbers: readonly string[];
  /** Ids of the receivers of returns; default none. */
  readonly returnReceivers?: readonly string[];
  /** Of Parcel DE Tracking; default DHL's own of its sandbox, `zt12345` and `geheim`. */
  readonly trackingUser?: { readonly user: string; readonly password: string };
  /** What goes wrong with a purchase; `purchase` counts from 0. */
  readonly trouble?: (purchase: number) => OrderTrouble | null;
};

export type SandboxLabel = {
  readonly number: string;
  readonly kind: 'shipment' | 'return';
  readonly reference: string;
  readonly product: string;
  readonly shipDate: string;
  readonly isDeleted: boolean;
  readonly isClosed: boolean;
};

export type DhlParcelDeSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => {
    readonly labels: readonly SandboxLabel[];
    readonly tokensGranted: number;
    readonly pickups: readonly SandboxPickup[];
  };
  /** DHL scans a parcel. False when the number is unknown. */
  readonly scan: (number: string, what: 'accepted' | 'delivered') => boolean;
  /** The next purchase goes wrong in this way. */
  readonly nextOrder: (trouble: OrderTrouble) => void;
  /** The day ends now: every open shipment is closed. */
  readonly closeDay: () => void;
};

/**
 * A stateful DHL Parcel DE: tokens of half an hour or Basic with a key, orders with a status of their own, shipments that are closed at 18:00 of their day in Berlin, deletion until then, one manifest
 * a day, return labels, pickups, both trackings. It takes what DHL's specifications have and nothing else.
 */
export function createDhlParcelDeSandbox(options: DhlParcelDeSandboxOptions): DhlParcelDeSandbox {
  const { clock } = options;
  const state = dhlState(clock);
  const basic = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  let purchases = 0;
  let next: OrderTrouble | null = null;
  const app = new Hono();

  app.post(paths.token, async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const wanted = {
      grant_type: 'password',
      username: options.user,
      password: options.password,
      client_id: options.apiKey,
      client_secret: options.apiSecret,
    };
    if (Object.entries(wanted).some(([name, value]) => form.get(name) !== value))
      return context.json({ status: 401, title: 'Unauthorized', detail: 'Unauthorized for given resource.' }, 401);
    const { token, lifeSeconds } = state.grantToken();
    return context.json({ access_token: token, token_type: 'Bearer', expires_in: lifeSeconds });
  });

  for (const path of [paths.shipping, paths.returns, paths.pickup])
    app.use(`${path}/*`, async (context, goOn) => {
      const given = context.req.header('authorization') ?? '';
      const isBasic = given === basic && context.req.header('dhl-api-key') === options.apiKey;
      if (!isBasic && !state.takesToken(given.replace(/^Bearer /, '')))
        return context.json(statusJson(401, 'Unauthorized', 'Unauthorized for given resource.'), 401);
      return goOn();
    });

  app.post(`${paths.returns}/orders`, async (context) => {
    if (!['SHIPMENT_LABEL', 'QR_LABEL', 'BOTH'].includes(context.req.query('labelType') ?? 'BOTH'))
      return badRequest(context, 'The label type is not known.');
    const parsed = returnRequestSchema.safeParse(await bodyOf(context.req.raw));
    if (!parsed.success) return badRequest(context, wordsOf(parsed.error));
    const { receiverId, shipmentReference = '', shipper } = parsed.data;
    if (!(options.returnReceivers ?? []).includes(receiverId)) return badRequest(context, 'The receiver id is not known.');
    const given = {
      kind: 'return',
      reference: shipmentReference,
      product: 'Retoure',
      shipDate: state.today(),
      city: shipper.city,
    } as const;
    return order(
      context,
      () => {
        const made = state.make(given);
        const label = { b64: samplePdf(['DHL Retoure', made.number, shipmentReference]) };
        return context.json(
          { sstatus: statusJson(201, 'Created', 'Created'), shipmentNo: made.number, label, routingCode: '40327653113+99000933090010' },
          201,
        );
      },
      () => state.makeLater(given),
    );
  });

  app.post(`${paths.shipping}/orders`, async (context) => {
    const query = ordersQuerySchema.safeParse(context.req.query());
    if (!query.success) return badRequest(context, wordsOf(query.error));
    const parsed = ordersRequestSchema.safeParse(await bodyOf(context.req.raw));
    if (!parsed.success)
      return context.json(
        { status: statusJson(400, 'Bad Request', 'Validation error'), items: [refusedJson(schemaMessages(parsed.error))] },
        400,
      );
    const { profile, shipments } = parsed.data;
    if (profile !== standardProfile) return badRequest(context, 'The profile is not known.');
    const judged = shipments.map((shipment) => ({
      shipment,
      messages: messagesOf(shipment, {
        today: state.today(),
        billingNumbers: options.billingNumbers,
        mustEncode: query.data.mustEncode === 'true',
      }),
    }));
    if (query.data.validate === 'true') {
      const items = judged.map(({ messages }) =>
        isRefused(messages)
          ? refusedJson(messages)
          : { sstatus: okStatus, ...(messages.length === 0 ? {} : { validationMessages: messages }) },
      );
      const { status, body } = multiStatus(items, items.length);
      return context.json(body, status);
    }
    return order(
      context,
      (withoutLabel) => {
        const items = judged.map(({ shipment, messages }) => {
          if (isRefused(messages)) return refusedJson(messages);
          const { label, ...made } = madeJson(state.make(givenOf(shipment)), query.data, messages);
          return withoutLabel ? made : { ...made, label };
        });
        const { status, body } = multiStatus(items, items.length);
        return context.json(body, status);
      },
      () => judged.forEach(({ shipment, messages }) => isRefused(messages) || state.makeLater(givenOf(shipment))),
    );
  });

  app.get(`${paths.shipping}/orders`, (context) => {
    const { shipment: _, ...others } = context.req.query();
    const query = ordersQuerySchema.omit({ validate: true, mustEncode: true }).safeParse(others);
    const numbers = context.req.queries('shipment') ?? [];
    if (!query.success || numbers.length === 0 || numbers.length > 30) return badRequest(context, 'The query is not valid.');
    const items = numbers.map((number) => {
      const shipment = state.find(number);
      const isThere = shipment !== null && shipment.kind === 'shipment' && shipment.deletedAt === null && shipment.closedOn === null;
      return isThere ? madeJson(shipment, query.data, []) : shortJson(number, 'No label can be had of the shipment.');
    });
    const { status, body } = multiStatus(items, items.length);
    return status === 400
      ? context.json(statusJson(404, 'Not Found', 'No label can be had of the shipment.'), 404)
      : context.json(body, status);
  });

  app.delete(`${paths.shipping}/orders`, (context) => {
    const numbers = context.req.queries('shipment') ?? [];
    if (context.req.query('profile') !== standardProfile) return badRequest(context, 'The profile is missing or not known.');
    if (numbers.length === 0 || numbers.length > 30) return badRequest(context, 'The query is not valid.');
    const items = numbers.map((number) => {
      const shipment = state.find(number);
      return shortJson(number, shipment === null ? unknownNumber : state.delete(shipment));
    });
    // Of one shipment DHL says 200, and what became of it in the shipment's own status.
    return context.json({ status: okStatus, items }, numbers.length > 1 ? 207 : 200);
  });

  manifestRoutes(app, { state, bodyOf, badRequest });
  const pickups = pickupRoutes(app, { state, billingNumbers: options.billingNumbers, bodyOf });
  trackingRoutes(app, {
    state,
    clock,
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    trackingUser: options.trackingUser ?? { user: 'zt12345', password: 'geheim' },
  });

  /** Makes what is asked for, or lets it go wrong. */
  function order(context: Context, make: (withoutLabel: boolean) => Response, makeLater: () => void): Response {
    const trouble = next ?? options.trouble?.(purchases) ?? null;
    next = null;
    purchases += 1;
    const refusal = {
      status: okStatus,
      items: [refusedJson([{ property: 'consignee', validationMessage: 'The shipment is refused', validationState: 'Error' }])],
    };
    switch (trouble) {
      case null:
        return make(false);
      case 'without-label':
        return make(true);
      case 'refused-in-207':
        return context.json(refusal, 207);
      case 'refused-in-200':
        return context.json(refusal, 200);
      case 'failed-in-207':
        make(false);
        return context.json({ status: okStatus, items: [{ sstatus: statusJson(500, 'Internal Server Error') }] }, 207);
      case 'failed-made':
        make(false);
        break;
      case 'late':
        makeLater();
        break;
      case 'failed':
        break;
    }
    return context.json(statusJson(500, 'Internal Server Error', 'The backend does not answer.'), 500);
  }

  function givenOf({ refNo = '', product, shipDate, consignee }: ShipmentBody) {
    return { kind: 'shipment', reference: refNo, product, shipDate: shipDate ?? state.today(), city: consignee.city } as const;
  }

  return {
    app: async (request) => app.fetch(request),
    snapshot: () => ({
      labels: state.all().map(({ number, kind, reference, product, shipDate, deletedAt, closedOn }) => ({
        number,
        kind,
        reference,
        product,
        shipDate,
        isDeleted: deletedAt !== null,
        isClosed: closedOn !== null,
      })),
      tokensGranted: state.tokensGranted(),
      pickups: pickups(),
    }),
    scan(number, what) {
      const shipment = state.find(number);
      shipment?.scans.push({ what, at: clock.now() });
      return shipment !== null;
    },
    nextOrder(trouble) {
      next = trouble;
    },
    closeDay() {
      for (const shipment of state.all()) if (shipment.closedOn === null && shipment.deletedAt === null) state.close(shipment);
    },
  };
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

function badRequest(context: Context, detail: string): Response {
  return context.json(statusJson(400, 'Bad Request', detail.slice(0, 80)), 400);
}

function isRefused(messages: readonly RuleMessage[]): boolean {
  return messages.some(({ validationState }) => validationState === 'Error');
}

function schemaMessages(error: ZodError): RuleMessage[] {
  return error.issues.map(({ path, message }) => ({
    property: path.join('.') || 'request',
    validationMessage: message,
    validationState: 'Error',
  }));
}

function wordsOf(error: ZodError): string {
  return schemaMessages(error)
    .map(({ property, validationMessage }) => `${property}: ${validationMessage}`)
    .join('; ');
}
