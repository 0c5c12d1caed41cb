import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, type Clock } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ZodType } from 'zod';
import { defaultPlaces, lookupRoutes, type SandboxPlace } from './lookup-routes.ts';
import { pickupRoutes } from './pickup-routes.ts';
import { errorJson, invalidJson, productJson, shippedJson } from './replies.ts';
import { instantOfMoment, rateRequestSchema, shipmentRequestSchema, type ShipmentRequestBody } from './requests.ts';
import { accountRefusal, dayRefusal, pricedRequest, pricedShipment, serviceRefusal, shipmentRefusal } from './shipment-rules.ts';
import { dhlState, type PurchaseTrouble, type StoredShipment } from './state.ts';
import { quote, type Quoted, type SandboxProduct } from './tariff.ts';

export type DhlExpressSandboxOptions = {
  readonly username: string;
  readonly password: string;
  readonly accountNumber: string;
  readonly clock: Clock;
  /** Of two digits. */
  readonly currency: string;
  readonly products: readonly SandboxProduct[];
  /** Taken of every price, default 0. */
  readonly taxPercent?: number;
  /** What goes wrong with a purchase; `purchase` counts from 0. */
  readonly trouble?: (purchase: number) => PurchaseTrouble | null;
  /** For so long a new shipment is not found by its reference, default 0. */
  readonly findableAfterMs?: number;
  /** Whether waybills can be had again, default yes. */
  readonly keepsWaybills?: boolean;
  /** Places that address validation knows, default some towns. */
  readonly places?: readonly SandboxPlace[];
};

export type SandboxShipment = {
  readonly trackingNumber: string;
  readonly references: readonly string[];
  readonly product: string;
  readonly priceMinor: number;
};

export type DhlExpressSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => {
    readonly shipments: readonly SandboxShipment[];
    readonly pickups: readonly { readonly number: string; readonly day: string; readonly isCancelled: boolean }[];
  };
  /** Prices from now on. */
  readonly setProducts: (products: readonly SandboxProduct[]) => void;
  /** DHL scans a parcel. False when the number is unknown. */
  readonly scan: (trackingNumber: string, what: 'accepted' | 'delivered') => boolean;
};

/**
 * A stateful MyDHL API (`/mydhlapi`): rating and buying by the same tariff, shipments found by reference, account and date, waybills by the month of their hand-over, tracking, address validation,
 * pickups. It wants what the specification requires and takes nothing that it does not know (422), no day in the past nor more than ten ahead, and the account as it is; it has no void.
 */
export function createDhlExpressSandbox(options: DhlExpressSandboxOptions): DhlExpressSandbox {
  const { clock, currency, accountNumber } = options;
  const state = dhlState({ clock, findableAfterMs: options.findableAfterMs ?? 0 });
  const basic = `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`;
  let products = options.products;
  let purchases = 0;
  const app = new Hono().basePath('/mydhlapi');

  app.use('*', async (context, next) => {
    if (context.req.header('authorization') !== basic) return refused(context, 401, 'Invalid credentials');
    if (!context.req.header('x-version')) return refused(context, 400, 'Missing mandatory parameters: x-version');
    if ((context.req.header('message-reference') ?? '').length > 36)
      return refused(context, 400, 'Parameters not having correct format: Message-Reference (maxLength=36)');
    await next();
    context.res.headers.set('invocation-id', `sandbox-${context.req.header('message-reference') ?? 'none'}`);
    return undefined;
  });

  app.post('/rates', async (context) => {
    const body = await bodyOf(context, rateRequestSchema);
    if (body instanceof Response) return body;
    const asked = body.productsAndServices ?? (body.productCode === undefined ? null : [{ productCode: body.productCode }]);
    const services = [
      ...(body.valueAddedServices ?? []),
      ...(asked?.flatMap((one) => ('valueAddedServices' in one && one.valueAddedServices) || []) ?? []),
    ];
    const refusal =
      accountRefusal(body.accounts ?? [], accountNumber) ??
      dayRefusal(body.plannedShippingDateAndTime, clock.now()) ??
      serviceRefusal(services);
    if (refusal !== null) return refused(context, 400, refusal);
    const wanted = products.filter(({ code }) => asked === null || asked.some(({ productCode }) => productCode === code));
    const offers = wanted.flatMap((product) => quote(product, pricedRequest(body, services), options.taxPercent ?? 0) ?? []);
    if (offers.length === 0) return refused(context, 400, '996: The requested product(s) are not available based on your search criteria.');
    const day = body.plannedShippingDateAndTime.slice(0, 10);
    const from = body.customerDetails.shipperDetails.countryCode;
    return context.json({ products: offers.map((offer) => productJson(offer, { currency, day, from })) });
  });

  app.post('/shipments', async (context) => {
    const body = await bodyOf(context, shipmentRequestSchema);
    if (body instanceof Response) return body;
    const product = products.find(({ code }) => code === body.productCode);
    const price = product === undefined ? null : quote(product, pricedShipment(body), options.taxPercent ?? 0);
    const refusal =
      accountRefusal(body.accounts, accountNumber) ??
      dayRefusal(body.plannedShippingDateAndTime, clock.now()) ??
      serviceRefusal(body.valueAddedServices ?? []) ??
      (price === null
        ? '996: The requested product(s) are not available based on your search criteria.'
        : shipmentRefusal(body, price.product));
    if (refusal !== null || price === null) return refused(context, 400, refusal ?? '');
    return made(context, body, price);
  });

  function made(context: Context, body: ShipmentRequestBody, price: Quoted): Response {
    const trouble = options.trouble?.(purchases++) ?? null;
    const failed = () => refused(context, 500, '999: Process failure occurred. Process ID associated for that transaction (1234567890)');
    const draft = draftOf(body, price);
    switch (trouble) {
      case 'refused':
        return refused(
          context,
          400,
          '7147: The shipment description #/content/description Match Keyword. Please update the description and retry.',
        );
      case 'failed':
        return failed();
      case 'failed-made':
        state.make(draft);
        return failed();
      case 'late':
        state.makeLater(draft);
        return failed();
      case 'warned':
        return context.json({ warnings: ['The shipment is being processed.'] }, 201);
      case null:
        return context.json(shippedReply(state.make(draft), body), 201);
    }
  }

  function shippedReply(shipment: StoredShipment, body: ShipmentRequestBody): Record<string, unknown> {
    const { encodingFormat = 'pdf', imageOptions = [] } = body.outputImageProperties ?? {};
    const asked = imageOptions
      .filter(({ typeCode, isRequested }) => typeCode === 'label' || isRequested === true)
      .map(({ typeCode }) => typeCode);
    return shippedJson(shipment, {
      currency,
      format: encodingFormat === 'zpl' ? 'zpl' : 'pdf',
      images: asked.includes('label') ? asked : ['label', ...asked],
      withPrice: body.getRateEstimates === true,
      base: 'https://express.api.dhl.com/mydhlapi',
    });
  }

  function draftOf(body: ShipmentRequestBody, price: Quoted): Parameters<typeof state.make>[0] {
    const { shipperDetails, receiverDetails } = body.customerDetails;
    return {
      references: body.customerReferences ?? [],
      price,
      day: body.plannedShippingDateAndTime.slice(0, 10),
      places: { from: shipperDetails.postalAddress.countryCode, to: receiverDetails.postalAddress.countryCode },
    };
  }

  async function bodyOf<Body>(context: Context, schema: ZodType<Body>): Promise<Body | Response> {
    const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `#/${issue.path.join('/')}: extraneous key [${issue.keys.join(', ')}] is not permitted`
        : `#/${issue.path.join('/')}: ${issue.message}`,
    );
    return context.json(invalidJson(pathOf(context), problems), 422);
  }

  lookupRoutes(app, {
    state,
    accountNumber,
    places: options.places ?? defaultPlaces,
    keepsWaybills: options.keepsWaybills ?? true,
    refused,
  });
  pickupRoutes(app, {
    state,
    bodyOf,
    refused,
    refusalOf: (planned, accounts) =>
      accounts.some(({ number }) => number !== accountNumber)
        ? '8003: Account not allowed for this service. Please contact your DHL Express representative.'
        : dayRefusal(planned, instantOf(epochMs(clock.now()) - 60_000)),
    localDayOf: (planned) => (instantOfMoment(planned) === null ? '' : planned.slice(0, 10)),
  });
  app.notFound((context) => refused(context, 404, 'The requested resource was not found.'));

  return {
    app: async (request) => app.fetch(request),
    snapshot: () => ({
      shipments: state.all().map(({ trackingNumber, references, price }) => ({
        trackingNumber,
        references: references.map(({ value }) => value),
        product: price.product.code,
        priceMinor: price.totalMinor,
      })),
      pickups: state.pickups().map(({ number, day, isCancelled }) => ({ number, day, isCancelled })),
    }),
    setProducts: (more) => {
      products = more;
    },
    scan(trackingNumber, what) {
      const shipment = state.byNumber(trackingNumber);
      if (shipment === null) return false;
      state.scan(shipment, what);
      return true;
    },
  };
}

function pathOf(context: Context): string {
  return new URL(context.req.url).pathname.replace('/mydhlapi', '');
}

function refused(context: Context, status: ContentfulStatusCode, detail: string, more: { readonly title?: string } = {}): Response {
  return context.json(errorJson(pathOf(context), status, detail, more), status);
}
