import { sampleDocument } from '@quartermaster/connector-kit/sandbox';
import { addDays, dayOfWeek } from '@quartermaster/domain';
import type { Context, Hono } from 'hono';
import { isKnown } from './label-rules.ts';
import { wantsJson } from './label-routes.ts';
import { errorJson, partsResponse, trackedJson, wordlessJson } from './replies.ts';
import { pickupRequestSchema, scanFormRequestSchema } from './requests.ts';
import type { SandboxWorld } from './sandbox.ts';
import type { StoredLabel } from './state.ts';

/** What goes on around a label: addresses, tracking, SCAN forms, pickups. */
export function handoverRoutes(app: Hono, { state, clock, zone, today, bodyOf, invalid }: SandboxWorld): void {
  app.get('/addresses/v3/address', (context) => {
    const { streetAddress, secondaryAddress, city, state: region, ZIPCode } = context.req.query();
    if (!streetAddress || !region || (!city && !ZIPCode))
      return context.json(wordlessJson(400, 'The address information in the request is insufficient to match.'), 400);
    if (!isKnown({ streetAddress, ZIPCode: ZIPCode ?? '' }))
      return context.json(wordlessJson(404, 'There is no match for the address requested.'), 404);
    const isHouse = /\bTOWER\b/i.test(streetAddress) && !secondaryAddress;
    return context.json({
      firm: null,
      address: {
        streetAddress: streetAddress.toUpperCase(),
        streetAddressAbbreviation: null,
        secondaryAddress: secondaryAddress?.toUpperCase() ?? null,
        city: city?.toUpperCase() ?? '',
        cityAbbreviation: null,
        state: region,
        ZIPCode: ZIPCode ?? '',
        ZIPPlus4: '0001',
        urbanization: null,
      },
      additionalInfo: {
        deliveryPoint: '20',
        carrierRoute: 'C036',
        DPVConfirmation: isHouse ? 'D' : 'Y',
        DPVCMRA: 'N',
        business: 'N',
        centralDeliveryPoint: 'N',
        vacant: 'N',
      },
      corrections: isHouse ? [{ code: '32', text: 'Default address: more information is needed.' }] : [{ code: '', text: '' }],
      matches: [{ code: '31', text: 'Single Response - exact match' }],
    });
  });

  app.get('/tracking/v3/tracking/:number', (context) => {
    const label = state.byNumber(context.req.param('number'));
    if (label === null)
      return refuse(
        context,
        '150002',
        'The tracking number may be incorrect or the status update is not yet available. Please verify your tracking number and try again later.',
      );
    if (context.req.query('expand') !== 'DETAIL')
      return context.json({ trackingNumber: label.trackingNumber, eventSummaries: ['Shipping Label Created'] });
    return context.json(trackedJson(label, zone));
  });

  app.post('/scan-forms/v3/scan-form', async (context) => {
    const parsed = scanFormRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const form = parsed.data;
    if (form.mailingDate < today() || form.mailingDate > addDays(today(), 30))
      return refuse(context, '160034', 'cannot be in the past or more than 30 days in the future');
    const labels: StoredLabel[] = [];
    for (const barcode of form.shipment.trackingNumbers) {
      const label = state.byNumber(barcode);
      const refusal = label === null ? (['160039', `barcode ${barcode} does not exist`] as const) : formRefusal(label, form);
      if (refusal !== null) return refuse(context, ...refusal);
      if (label !== null) labels.push(label);
    }
    const efn = state.nextForm();
    for (const label of labels) {
      label.form = { efn, at: clock.now() };
      label.mailingDate = form.mailingDate;
    }
    const { imageInfo, ...said } = form;
    const metadata = { ...said, imageInfo, manifestNumber: efn, trackingNumbers: form.shipment.trackingNumbers };
    const image = Buffer.from(sampleDocument('pdf', ['SCAN FORM', efn])).toString('base64');
    if (wantsJson(context)) return context.json({ ...metadata, SCANFormImage: image });
    return partsResponse([
      { name: 'SCANFormMetaData', type: 'application/json', text: JSON.stringify(metadata) },
      { name: 'SCANFormImage', type: 'application/pdf', text: image },
    ]);
  });

  function formRefusal(
    label: StoredLabel,
    form: { readonly mailingDate: string; readonly overwriteMailingDate: boolean; readonly entryFacilityZIPCode: string },
  ): readonly [code: string, detail: string] | null {
    const barcode = label.trackingNumber;
    if (label.form !== null) return ['160040', `barcode ${barcode} is already part of another SCAN Form with efn ${label.form.efn}`];
    if (label.standing !== 'bought')
      return ['160397', `barcode ${barcode} has been canceled and is not eligible to be added to a SCAN Form`];
    if (state.isManifested(label)) return ['160398', `barcode ${barcode} has manifested and is not eligible to be added to a SCAN Form`];
    const { ZIPCode } = label.body.fromAddress;
    if (ZIPCode !== form.entryFacilityZIPCode)
      return ['160161', `barcode ${barcode} with zip ${ZIPCode} does not match SCAN Form request zip ${form.entryFacilityZIPCode}`];
    if (label.mailingDate !== form.mailingDate && !form.overwriteMailingDate)
      return [
        '160006',
        `barcode ${barcode} with mailing date ${label.mailingDate} does not match SCAN Form request mailing date ${form.mailingDate}`,
      ];
    return null;
  }

  app.post('/pickup/v3/carrier-pickup', async (context) => {
    const parsed = pickupRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const { pickupAddress, pickupDate, pickupLocation } = parsed.data;
    const { streetAddress, ZIPCode = '' } = pickupAddress.address;
    const day = state.centralDay();
    if (pickupDate < day) return refuse(context, '020016', 'Pickup date is in the past.');
    if (pickupDate > addDays(day, 365)) return refuse(context, '020017', 'Pickups can only be scheduled one year in the future.');
    // Monday to Saturday, until two in the morning of the day, Central Time.
    if (dayOfWeek(pickupDate) === 7 || (pickupDate === day && state.centralTime()))
      return refuse(context, '020018', 'Pickup Request cannot be scheduled on requested day.');
    if (pickupLocation.packageLocation === 'OTHER' && !pickupLocation.specialInstructions)
      return refuse(context, '020020', 'Pickup location of Other requires additional information in comments.');
    const address = `${streetAddress} ${ZIPCode}`.toUpperCase();
    if (state.pickups().some((one) => one.address === address && one.date === pickupDate && !one.isCancelled))
      return refuse(context, '020001', 'Pickup already exists for this address.');
    const { confirmation } = state.book(address, pickupDate);
    return context.json({ confirmationNumber: confirmation, pickupDate, carrierPickupRequest: parsed.data });
  });

  app.get('/pickup/v3/carrier-pickup/:confirmation', (context) => {
    const pickup = state
      .pickups()
      .find(({ confirmation, isCancelled }) => confirmation === context.req.param('confirmation') && !isCancelled);
    if (pickup === undefined) return refuse(context, '020003', 'Invalid pickup details.');
    pickup.tag = `"${pickup.confirmation}-${clock.now()}"`;
    return context.json({ confirmationNumber: pickup.confirmation, pickupDate: pickup.date }, 200, { etag: pickup.tag });
  });

  app.delete('/pickup/v3/carrier-pickup/:confirmation', (context) => {
    const pickup = state.pickups().find(({ confirmation }) => confirmation === context.req.param('confirmation'));
    if (pickup === undefined || pickup.isCancelled) return refuse(context, '020003', 'Invalid pickup details.');
    if (pickup.tag === null || context.req.header('if-match') !== pickup.tag)
      return context.json(errorJson(412, 'Precondition Failed', '412', 'The entity tag is not that of the pickup as it stands.'), 412);
    pickup.isCancelled = true;
    return context.body(null, 200);
  });
}

function refuse(context: Context, code: string, detail: string): Response {
  return context.json(errorJson(400, 'Bad Request', code, detail), 400);
}
