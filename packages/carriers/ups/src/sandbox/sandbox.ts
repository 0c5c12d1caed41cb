import { sampleDocument, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { addDays, dayOfWeek, type Clock, type LabelFormat } from '@quartermaster/domain';
import { Hono, type Context } from 'hono';
import type { ZodError } from 'zod';
import { partnerRoutes } from './partner-routes.ts';
import { decimal, errorJson, pushedJson, ratedJson, shippedJson, success } from './replies.ts';
import {
  rateRequestSchema,
  recoveryRequestSchema,
  shipRequestSchema,
  type RateRequestBody,
  type ShipRequestBody,
} from './request-schemas.ts';
import { priced, refusalOf } from './shipment-rules.ts';
import { upsState, type PurchaseTrouble, type StoredShipment } from './state.ts';
import { mostPounds, quote, type Quoted, type SandboxService } from './tariff.ts';

export type UpsSandboxOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Six letters and digits. */
  readonly accountNumber: string;
  readonly clock: Clock;
  readonly currency: string;
  readonly services: readonly SandboxService[];
  /** What the contract takes off the base charge, default 20. */
  readonly discountPercent?: number;
  /** Sent with every webhook. */
  readonly webhookCredential?: string;
  /** What goes wrong with a purchase; `purchase` counts from 0. */
  readonly trouble?: (purchase: number) => PurchaseTrouble | null;
};

export type SandboxLabel = {
  readonly trackingNumber: string;
  readonly references: readonly string[];
  readonly service: string;
  readonly priceMinor: number;
  readonly isVoided: boolean;
};

export type UpsSandbox = {
  readonly app: SandboxApp;
  readonly snapshot: () => {
    readonly labels: readonly SandboxLabel[];
    readonly tokensGranted: number;
    readonly pickups: readonly { readonly prn: string; readonly reference: string | null; readonly isCancelled: boolean }[];
  };
  /** Prices from now on. */
  readonly setServices: (services: readonly SandboxService[]) => void;
  /** UPS scans a parcel; whoever subscribed is told. False when the number is unknown. */
  readonly scan: (trackingNumber: string, what: 'accepted' | 'delivered') => boolean;
  /** The next void is refused with 190102. */
  readonly refuseNextVoid: () => void;
  /** Webhooks that wait to be delivered. */
  readonly takeWebhooks: () => readonly { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }[];
};

/**
 * A stateful UPS: OAuth tokens that run out after four hours, rating and buying by the same tariff, label recovery by number and by reference, voiding, tracking, Track Alert for 14 days, address
 * validation, pickups. It wants what UPS's specifications require, references at the parcel within the United States and at the shipment elsewhere, and the account as payer. Forms for the
 * customs are checked and not made.
 */
export function createUpsSandbox(options: UpsSandboxOptions): UpsSandbox {
  const { clock, currency, accountNumber } = options;
  const state = upsState({ clock, accountNumber });
  const basic = `Basic ${Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64')}`;
  const discount = options.discountPercent ?? 20;
  let services = options.services;
  let purchases = 0;
  let refusesVoid = false;
  const app = new Hono();

  app.post('/security/v1/oauth/token', async (context) => {
    if (context.req.header('authorization') !== basic) return context.json(errorJson('10401', 'ClientId is Invalid'), 401);
    if ((await context.req.text()) !== 'grant_type=client_credentials')
      return context.json(errorJson('10400', 'Invalid/Missing Authorization Header'), 400);
    const { token, lifeSeconds } = state.grantToken();
    return context.json({
      token_type: 'Bearer',
      issued_at: String(Date.parse(clock.now())),
      client_id: options.clientId,
      access_token: token,
      scope: '',
      expires_in: String(lifeSeconds),
      refresh_count: '0',
      status: 'approved',
    });
  });

  app.use('/api/*', async (context, next) => {
    const token = context.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
    const standing = state.tokenStanding(token);
    if (standing === null) return context.json(errorJson('250002', 'Invalid Authentication Information.'), 401);
    if (standing === 'expired') return context.json(errorJson('250003', 'Invalid Access License number, the token is expired'), 401);
    if ((context.req.header('transid') ?? '').length !== 32 || !context.req.header('transactionsrc'))
      return context.json(errorJson('VSS002', 'Missing transId or transactionSrc'), 400);
    return next();
  });

  app.post('/api/rating/v2409/:option', async (context) => {
    const option = context.req.param('option');
    if (!['Rate', 'Shop', 'Ratetimeintransit', 'Shoptimeintransit'].includes(option))
      return context.json(errorJson('10006', 'Invalid request option'), 400);
    const parsed = rateRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, '110002', parsed.error);
    const body = parsed.data.RateRequest;
    const { Shipment: shipment } = body;
    const asked = priced(shipment, shipment.ShipmentServiceOptions?.ReturnService !== undefined);
    if (asked.pounds > mostPounds)
      return context.json(
        errorJson('111035', 'The maximum per package weight for the selected service from the selected country is 150.00 pounds.'),
        400,
      );
    const wanted = option.startsWith('Shop') ? services : services.filter(({ code }) => code === shipment.Service?.Code);
    if (wanted.length === 0) return context.json(errorJson('111100', 'The requested service is invalid from the selected origin.'), 400);
    const offers = wanted.flatMap((service) => quote(service, asked, discount) ?? []);
    if (offers.length === 0)
      return context.json(errorJson('111210', 'The requested service is unavailable between the selected locations.'), 400);
    return context.json({ RateResponse: { Response: success, RatedShipment: offers.map((offer) => rated(offer, body, option)) } });
  });

  app.post('/api/shipments/v2409/ship', async (context) => {
    const parsed = shipRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, '120002', parsed.error);
    const body = parsed.data.ShipmentRequest;
    const refusal = refusalOf(body, accountNumber);
    if (refusal !== null) return context.json(errorJson(...refusal), 400);
    const { Shipment: shipment } = body;
    const service = services.find(({ code }) => code === shipment.Service.Code);
    const price = service === undefined ? null : quote(service, priced(shipment, shipment.ReturnService !== undefined), discount);
    if (price === null)
      return context.json(errorJson('121210', 'The requested service is unavailable between the selected locations.'), 400);
    const trouble = options.trouble?.(purchases++) ?? null;
    const draft = draftOf(shipment, price);
    switch (trouble) {
      case 'refused':
        return context.json(errorJson('120124', 'The shipment is refused.'), 400);
      case 'failed':
        return context.json(errorJson('120001', 'Shipping is temporarily unavailable.'), 500);
      case 'failed-made':
        state.make(draft);
        return context.json(errorJson('120001', 'Shipping is temporarily unavailable.'), 500);
      case 'late':
        state.makeLater(draft);
        return context.json(errorJson('120001', 'Shipping is temporarily unavailable.'), 500);
      case null: {
        const made = state.make(draft);
        const { Code: format } = body.LabelSpecification.LabelImageFormat;
        return context.json(
          shippedJson(made, { currency, format, image: imageOf(made, 'zpl'), negotiated: shipment.ShipmentRatingOptions !== undefined }),
        );
      }
    }
  });

  app.post('/api/labels/v1/recovery', async (context) => {
    const parsed = recoveryRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, '300013', parsed.error);
    const { TrackingNumber: number, ReferenceValues: reference, LabelSpecification: specification } = parsed.data.LabelRecoveryRequest;
    if (number === undefined && reference === undefined)
      return context.json(errorJson('300005', 'Either tracking number or combination of reference plus shipper number required'), 400);
    if (reference !== undefined && reference.ShipperNumber !== accountNumber)
      return context.json(errorJson('300031', 'Invalid Shipper Number'), 400);
    const found =
      number === undefined
        ? state.byReference(reference?.ReferenceNumber.Value ?? '')
        : [state.byNumber(number)].filter((one) => one !== null);
    const standing = found.filter(({ voidedAt }) => voidedAt === null);
    const [first] = standing;
    if (standing.length > 1)
      return context.json({
        LabelRecoveryResponse: {
          Response: success,
          LabelResults: [],
          TrackingCandidate: standing.map(({ trackingNumber }) => ({ TrackingNumber: trackingNumber })),
        },
      });
    if (first === undefined)
      return found.length > 0
        ? context.json(
            errorJson(
              '300033',
              'The shipment for which you are trying to recover a label or Receipt has been voided. Please contact the vendor for further information',
            ),
            400,
          )
        : context.json(
            errorJson(
              '9801031',
              'The shipment for the requested tracking number or the combination of reference number plus shipper number could not be found. Please check the submitted data or wait until the shipment is processed.',
            ),
            400,
          );
    const { Code: format } = specification?.LabelImageFormat ?? { Code: 'GIF' };
    if (format !== 'PDF' && format !== 'ZPL') return context.json(errorJson('300013', 'Invalid Label Print Method'), 400);
    return context.json({
      LabelRecoveryResponse: {
        Response: success,
        ShipmentIdentificationNumber: first.trackingNumber,
        LabelResults: [
          {
            TrackingNumber: first.trackingNumber,
            LabelImage: { LabelImageFormat: { Code: format }, GraphicImage: imageOf(first, format === 'PDF' ? 'pdf' : 'zpl') },
          },
        ],
      },
    });
  });

  app.delete('/api/shipments/v2409/void/cancel/:id', (context) => {
    const shipment = state.byNumber(context.req.param('id'));
    const refused = refusesVoid;
    refusesVoid = false;
    const code = refused || shipment === null ? '190102' : state.void(shipment);
    if (code !== null) return context.json(errorJson(code, voidMessages[code]), 400);
    return context.json({ VoidShipmentResponse: { Response: success, SummaryResult: { Status: { Code: '1', Description: 'Voided' } } } });
  });

  partnerRoutes(app, { state, accountNumber, currency, bodyOf, invalid });
  app.notFound((context) => context.json(errorJson('10404', 'The requested resource was not found.'), 404));

  function rated(offer: Quoted, { Request: request, Shipment: shipment }: RateRequestBody, option: string): Record<string, unknown> {
    const withTimes = option.endsWith('timeintransit') && shipment.DeliveryTimeInformation !== undefined;
    const pickup = shipment.DeliveryTimeInformation?.Pickup.Date ?? null;
    return ratedJson(offer, {
      currency,
      negotiated: shipment.ShipmentRatingOptions !== undefined,
      zone: Number(request.SubVersion ?? '0') >= 2409,
      arrival: withTimes && pickup !== null ? arrivalOf(pickup, offer.days) : null,
      pickup,
    });
  }

  function draftOf(shipment: ShipRequestBody['Shipment'], price: Quoted): Parameters<typeof state.make>[0] {
    const references = [...(shipment.ReferenceNumber ?? []), ...(shipment.Package[0]?.ReferenceNumber ?? [])].map(({ Value }) => Value);
    const { City: city, StateProvinceCode: region, CountryCode: country } = shipment.ShipTo.Address;
    return {
      references,
      service: shipment.Service.Code,
      price,
      isReturn: shipment.ReturnService !== undefined,
      destination: { city, state: region ?? '', country },
    };
  }

  return {
    app: async (request) => app.fetch(request),
    snapshot: () => ({
      labels: state.all().map(({ trackingNumber, references, service, price, voidedAt }) => ({
        trackingNumber,
        references,
        service,
        priceMinor: price.totalMinor,
        isVoided: voidedAt !== null,
      })),
      tokensGranted: state.tokensGranted(),
      pickups: state.pickups().map(({ prn, reference, isCancelled }) => ({ prn, reference, isCancelled })),
    }),
    setServices: (more) => {
      services = more;
    },
    scan(trackingNumber, what) {
      const shipment = state.byNumber(trackingNumber);
      if (shipment === null) return false;
      state.scan(shipment, what, (scanned, at) => JSON.stringify(pushedJson(scanned, at)));
      return true;
    },
    refuseNextVoid: () => {
      refusesVoid = true;
    },
    takeWebhooks: () =>
      state.takePushed().map(({ body }) => ({
        headers: {
          'content-type': 'application/json',
          'user-agent': 'UPSPubSubTrackingService',
          credential: options.webhookCredential ?? '',
        },
        body: Buffer.from(body),
      })),
  };
}

const voidMessages = {
  190102: 'No shipment found within the allowed void period',
  190103: 'The Pickup Request associated with this shipment has already been completed',
  190117: 'The Shipment has already been voided',
} as const;

/** So many business days later, as `20261125`. */
function arrivalOf(pickup: string, days: number): string {
  let day = `${pickup.slice(0, 4)}-${pickup.slice(4, 6)}-${pickup.slice(6)}`;
  for (let left = days; left > 0;) {
    day = addDays(day, 1);
    if (dayOfWeek(day) <= 5) left -= 1;
  }
  return day.replaceAll('-', '');
}

function imageOf({ trackingNumber, references, service, price }: StoredShipment, format: LabelFormat): string {
  return Buffer.from(
    sampleDocument(format, ['SAMPLE', `UPS ${service}`, trackingNumber, ...references, decimal(price.totalMinor)]),
  ).toString('base64');
}

function invalid(context: Context, code: string, error: ZodError): Response {
  const [issue] = error.issues;
  return context.json(errorJson(code, `Missing or invalid ${issue?.path.join('/') ?? 'request'}`), 400);
}

async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}
