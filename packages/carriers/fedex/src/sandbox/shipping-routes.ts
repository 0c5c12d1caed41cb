import type { Context, Hono } from 'hono';
import { errorJson, failedJson, isGroundService, openedJson, rateReplyJson, shippedJson } from './replies.ts';
import {
  cancelRequestSchema,
  confirmRequestSchema,
  indexRequestSchema,
  openRequestSchema,
  rateRequestSchema,
  shipRequestSchema,
  type LabelSpecificationBody,
  type ShipmentBody,
} from './request-schemas.ts';
import type { Desk } from './sandbox.ts';
import { pricedRate, pricedShipment, refusalOf } from './shipment-rules.ts';
import type { FedexState, PurchaseTrouble, ShipmentDraft, StoredShipment } from './state.ts';
import { mostPounds, quote, type SandboxService } from './tariff.ts';

type Given = {
  readonly desk: Desk;
  readonly state: FedexState;
  readonly currency: string;
  readonly accountNumber: string;
  readonly discountPercent: number;
  readonly services: () => readonly SandboxService[];
  readonly trouble: (purchase: number) => PurchaseTrouble | null;
  /** Whether the cancellation at hand is refused. */
  readonly refusesVoid: () => boolean;
};

/** Prices, open shipments, labels and their end. */
export function shippingRoutes(app: Hono, given: Given): void {
  const { desk, state, currency, accountNumber, discountPercent } = given;
  let purchases = 0;

  app.post('/rate/v1/rates/quotes', async (context) => {
    const seen = await desk.read(context, rateRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { requestedShipment: shipment } = seen.body;
    const { serviceType } = shipment;
    const asked = pricedRate(shipment);
    if (asked.pounds > mostPounds)
      return desk.refuse(context, 'PACKAGE.WEIGHT.EXCEEDED', 'The package weight exceeds the maximum of 150 LB.');
    const wanted = given.services().filter(({ code }) => serviceType === undefined || code === serviceType);
    const offers = wanted.flatMap((service) => quote(service, asked, discountPercent) ?? []);
    if (offers.length === 0)
      return desk.refuse(
        context,
        'SERVICE.PACKAGECOMBINATION.INVALID',
        'Invalid service and packaging combination, or service not available for this lane.',
      );
    const shipDay = shipment.shipDateStamp ?? '2026-11-23';
    const types = shipment.rateRequestType ?? ['ACCOUNT'];
    return desk.answer(context, {
      rateReplyDetails: offers.map((offer) => rateReplyJson(offer, { currency, types, shipDay })),
      quoteDate: shipDay,
      isEncoded: false,
    });
  });

  app.post('/ship/v1/openshipments/create', async (context) => {
    const seen = await desk.read(context, openRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { index, requestedShipment } = seen.body;
    if (requestedShipment.shipmentSpecialServices?.returnShipmentDetail !== undefined)
      return desk.refuse(
        context,
        'INVALID.INPUT.EXCEPTION',
        'Invalid field value in the input: shipmentSpecialServices.returnShipmentDetail',
      );
    const draft = draftOf(context, requestedShipment);
    if ('refusal' in draft) return draft.refusal;
    const opened = state.open(index, requestedShipment, draft);
    if (opened === null) return desk.refuse(context, 'OPENSHIPMENT.INDEX.DUPLICATE', 'An open shipment with this index exists.');
    return desk.answer(context, openedJson(opened.service, opened.trackingNumber, index));
  });

  app.post('/ship/v1/openshipments/retrieve', async (context) => {
    const seen = await desk.read(context, indexRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const found = state.openBy(seen.body.index);
    return found === null ? notOpen(context) : desk.answer(context, { requestedShipment: found.requested });
  });

  app.post('/ship/v1/openshipments/', async (context) => {
    const seen = await desk.read(context, confirmRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { index, labelSpecification, labelResponseOptions } = seen.body;
    if (state.openBy(index) === null) return notOpen(context);
    return bought(context, () => state.confirm(index), { way: 'open-ship', labelSpecification, labelResponseOptions });
  });

  app.post('/ship/v1/shipments', async (context) => {
    const seen = await desk.read(context, shipRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { requestedShipment, labelResponseOptions } = seen.body;
    const draft = draftOf(context, requestedShipment);
    if ('refusal' in draft) return draft.refusal;
    const { labelSpecification } = requestedShipment;
    return bought(context, () => state.make(draft), { way: 'ship', labelSpecification, labelResponseOptions });
  });

  app.put('/ship/v1/shipments/cancel', async (context) => {
    const seen = await desk.read(context, cancelRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const shipment = state.byNumber(seen.body.trackingNumber);
    if (shipment === null)
      return desk.refuse(
        context,
        'TRACKINGNUMBER.ENTERED.INVALID',
        'Error with entered Tracking Number. Please verify the entered Tracking Number.',
      );
    if (given.refusesVoid() || shipment.scans.length > 0)
      return desk.refuse(context, 'SHIPMENT.CANCEL.NOTALLOWED', 'The shipment was tendered to FedEx and cannot be cancelled.');
    if (shipment.cancelledAt !== null) return desk.refuse(context, 'SHIPMENT.ALREADY.CANCELLED', 'The shipment was cancelled before.');
    state.cancel(shipment);
    return desk.answer(context, { cancelledShipment: true, cancelledHistory: true, message: 'Shipment is successfully cancelled' });
  });

  function notOpen(context: Context): Response {
    return desk.refuse(
      context,
      'NOT.FOUND.ERROR',
      'The resource you requested is no longer available. Please modify your request and try again.',
      404,
    );
  }

  function draftOf(context: Context, shipment: ShipmentBody): ShipmentDraft | { readonly refusal: Response } {
    const refusal = refusalOf(shipment, accountNumber);
    if (refusal !== null) return { refusal: desk.refuse(context, ...refusal) };
    const service = given.services().find(({ code }) => code === shipment.serviceType);
    const price = service === undefined ? null : quote(service, pricedShipment(shipment), discountPercent);
    if (price === null)
      return { refusal: desk.refuse(context, 'SERVICETYPE.NOT.AVAILABLE', 'The requested service is not available between these places.') };
    const [recipient] = shipment.recipients;
    return {
      service: price.code,
      references: (shipment.requestedPackageLineItems[0]?.customerReferences ?? []).map(({ value }) => value),
      price,
      isReturn: shipment.shipmentSpecialServices?.returnShipmentDetail !== undefined,
      isGround: isGroundService(price.code),
      destination: {
        city: recipient?.address.city ?? '',
        state: recipient?.address.stateOrProvinceCode ?? '',
        country: recipient?.address.countryCode ?? '',
      },
    };
  }

  function bought(
    context: Context,
    make: () => StoredShipment | null,
    asked: {
      readonly way: 'open-ship' | 'ship';
      readonly labelSpecification: LabelSpecificationBody;
      readonly labelResponseOptions: 'LABEL' | 'URL_ONLY';
    },
  ): Response {
    const { imageType } = asked.labelSpecification;
    const link = asked.labelResponseOptions === 'URL_ONLY';
    const unavailable = () =>
      context.json(
        errorJson('SERVICE.UNAVAILABLE.ERROR', 'The service is currently unavailable and we are working to resolve the issue.'),
        503,
      );
    switch (given.trouble(purchases++)) {
      case 'refused':
        return desk.refuse(context, 'SHIPMENT.NOT.ALLOWED', 'The shipment is refused.');
      case 'refused-as-success':
        return desk.answer(context, failedJson());
      case 'failed':
        return unavailable();
      case 'failed-made':
        make();
        return unavailable();
      case 'late':
        state.later(() => void make());
        return unavailable();
      case null: {
        const made = make();
        return made === null ? notOpen(context) : desk.answer(context, shippedJson(made, { currency, imageType, link, way: asked.way }));
      }
    }
  }
}
