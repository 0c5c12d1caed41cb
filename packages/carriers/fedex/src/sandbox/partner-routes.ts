import type { Hono } from 'hono';
import { trackedJson, untrackedJson } from './replies.ts';
import {
  addressRequestSchema,
  cancelPickupSchema,
  closeRequestSchema,
  pickupRequestSchema,
  reprintRequestSchema,
  trackReferenceSchema,
  trackRequestSchema,
} from './request-schemas.ts';
import type { Desk } from './sandbox.ts';
import type { FedexState, StoredShipment } from './state.ts';

type Given = { readonly desk: Desk; readonly state: FedexState; readonly accountNumber: string };

/** Tracking, address resolution, pickups and the end of a day: what goes on around a label. */
export function partnerRoutes(app: Hono, { desk, state, accountNumber }: Given): void {
  app.post('/track/v1/trackingnumbers', async (context) => {
    const seen = await desk.read(context, trackRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { trackingInfo } = seen.body;
    if (trackingInfo.length > 30)
      return desk.refuse(context, 'TRACKING.TRACKINGNUMBER.LIMITEXCEEDED', 'Please provide no more than 30 tracking numbers.');
    return desk.answer(context, {
      completeTrackResults: trackingInfo.map(({ trackingNumberInfo: { trackingNumber }, shipDateBegin, shipDateEnd }) => {
        const shipment = state.trackedByNumber(trackingNumber);
        const day = shipment?.madeAt.slice(0, 10) ?? '';
        const isMeant = day >= (shipDateBegin ?? '') && day <= (shipDateEnd ?? '9999');
        return shipment === null || !isMeant ? untrackedJson(trackingNumber) : trackedJson(shipment);
      }),
    });
  });

  app.post('/track/v1/referencenumbers', async (context) => {
    const seen = await desk.read(context, trackReferenceSchema);
    if ('refusal' in seen) return seen.refusal;
    const { type, value, accountNumber: account, shipDateBegin, shipDateEndDate } = seen.body.referencesInformation;
    const within = ({ madeAt }: StoredShipment) => madeAt.slice(0, 10) >= shipDateBegin && madeAt.slice(0, 10) <= shipDateEndDate;
    const found = type === 'CUSTOMER_REFERENCE' && account === accountNumber ? state.trackedByReference(value).filter(within) : [];
    if (found.length === 0)
      return desk.refuse(
        context,
        'TRACKING.REFERENCENUMBER.NOTFOUND',
        'Reference number cannot be found. Please correct the reference number and try again.',
      );
    return desk.answer(context, { completeTrackResults: found.map(trackedJson), successful: true });
  });

  app.post('/address/v1/addresses/resolve', async (context) => {
    const seen = await desk.read(context, addressRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    return desk.answer(context, {
      resolvedAddresses: seen.body.addressesToValidate.map(({ address }) => {
        const isSupported = ['US', 'CA', 'PR'].includes(address.countryCode);
        const isKnown = isSupported && !address.postalCode.startsWith('00000') && /^[1-9]\d* /.test(address.streetLines[0] ?? '');
        return {
          streetLinesToken: address.streetLines.map((line) => line.toUpperCase()),
          city: address.city.toUpperCase(),
          stateOrProvinceCode: address.stateOrProvinceCode,
          countryCode: address.countryCode,
          customerMessage: isKnown ? [] : ['STANDARDIZED.ADDRESS.NOTFOUND'],
          parsedPostalCode: { base: address.postalCode.slice(0, 5), addOn: '0001', deliveryPoint: '99' },
          classification: isKnown ? 'RESIDENTIAL' : 'UNKNOWN',
          attributes: { CountrySupported: isSupported, Resolved: isKnown, Matched: isKnown, DPV: isKnown, MultipleMatches: false },
        };
      }),
    });
  });

  app.post('/pickup/v1/pickups', async (context) => {
    const seen = await desk.read(context, pickupRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { originDetail, carrierCode } = seen.body;
    const [day = '', ready = ''] = originDetail.readyDateTimestamp.split('T');
    if (ready >= originDetail.customerCloseTime.slice(-8))
      return desk.refuse(context, 'PICKUP.CLOSETIME.INVALID', 'The customer close time must be later than the ready time.');
    const { code, location } = state.book(carrierCode, day);
    return desk.answer(context, {
      pickupConfirmationCode: code,
      message: 'Courier on the way',
      ...(location === null ? {} : { location }),
    });
  });

  app.put('/pickup/v1/pickups/cancel', async (context) => {
    const seen = await desk.read(context, cancelPickupSchema);
    if ('refusal' in seen) return seen.refusal;
    const { pickupConfirmationCode, scheduledDate, carrierCode, location } = seen.body;
    const pickup = state.pickups().find(({ code }) => code === pickupConfirmationCode);
    const isMeant = pickup?.date === scheduledDate && pickup.company === carrierCode && (pickup.location ?? undefined) === location;
    if (pickup === undefined || !isMeant || pickup.isCancelled)
      return desk.refuse(context, 'PICKUPCONFIRMATIONCODE.INVALID', 'The pickup confirmation code is invalid.');
    pickup.isCancelled = true;
    return desk.answer(context, { pickupConfirmationCode, cancelConfirmationMessage: 'Requested pickup has been cancelled successfully.' });
  });

  app.put('/ship/v1/endofday/', async (context) => {
    const seen = await desk.read(context, closeRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const closed = state.close();
    if (closed.length === 0) return desk.refuse(context, 'GROUND.CLOSE.NOSHIPMENTS', 'There are no shipments to close.');
    return desk.answer(context, { closeDocuments: [manifestJson(closed, seen.body.closeDate)] });
  });

  app.post('/ship/v1/endofday/', async (context) => {
    const seen = await desk.read(context, reprintRequestSchema);
    if ('refusal' in seen) return seen.refusal;
    const { reprintOption, trackingNumber, closeDate } = seen.body;
    const closed = state
      .all()
      .filter(
        (each) =>
          each.isClosed &&
          (reprintOption === 'BY_SHIP_DATE' ? each.madeAt.slice(0, 10) === closeDate : each.trackingNumber === trackingNumber),
      );
    if (closed.length === 0) return desk.refuse(context, 'GROUND.REPRINT.NOTFOUND', 'There is no report to reprint.');
    return desk.answer(context, { closeDocuments: [manifestJson(closed, closeDate ?? '')] });
  });
}

function manifestJson(closed: readonly StoredShipment[], day: string): Record<string, unknown> {
  const text = ['FedEx Ground manifest', day, ...closed.map(({ trackingNumber }) => trackingNumber)].join('\n');
  return {
    type: 'MANIFEST',
    shippingCycle: 'EOD',
    accessReference: `GND${day.replaceAll('-', '')}`,
    copiesToPrint: 1,
    parts: [{ documentPartSequenceNumber: 1, image: Buffer.from(text).toString('base64') }],
  };
}
