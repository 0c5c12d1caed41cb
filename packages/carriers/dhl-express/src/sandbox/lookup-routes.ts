import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { documentOf, trackedJson } from './replies.ts';
import type { DhlState } from './state.ts';

export type SandboxPlace = { readonly country: string; readonly postalCode: string; readonly city: string };

/** Writes an error as DHL does. */
export type Refused = (context: Context, status: ContentfulStatusCode, detail: string, more?: { readonly title?: string }) => Response;

type Given = {
  readonly state: DhlState;
  readonly accountNumber: string;
  readonly places: readonly SandboxPlace[];
  readonly keepsWaybills: boolean;
  readonly refused: Refused;
};

export const defaultPlaces: readonly SandboxPlace[] = [
  { country: 'DE', postalCode: '53113', city: 'BONN' },
  { country: 'DE', postalCode: '10965', city: 'BERLIN' },
  { country: 'FR', postalCode: '75001', city: 'PARIS' },
  { country: 'FR', postalCode: '75002', city: 'PARIS' },
  { country: 'US', postalCode: '94104', city: 'SAN FRANCISCO' },
  { country: 'GB', postalCode: 'SW1A 2AA', city: 'LONDON' },
];

const views = [
  'all-checkpoints',
  'all-checkpoints-with-remarks',
  'last-checkpoint',
  'shipment-details-only',
  'advance-shipment',
  'bbx-children',
];
const levels = ['shipment', 'piece', 'all'];

/** Tracking by number and by reference, waybills again, address validation: what can be asked without any effect. */
export function lookupRoutes(app: Hono, { state, accountNumber, places, keepsWaybills, refused }: Given): void {
  const noData = (context: Context, detail: string) => refused(context, 404, detail, { title: 'Not data found' });

  app.get('/shipments/:number/tracking', (context) => {
    const wrong = wrongView(context);
    if (wrong !== null) return refused(context, 400, wrong);
    const shipment = state.byNumber(context.req.param('number'));
    if (shipment === null) return noData(context, 'No data found');
    const withOffset = context.req.query('requestGMTOffsetPerEvent') === 'true';
    return context.json({ shipments: [trackedJson(shipment, { withEvents: true, withOffset })] });
  });

  app.get('/tracking', (context) => {
    const wrong = wrongView(context);
    if (wrong !== null) return refused(context, 400, wrong);
    const {
      shipmentReference: value,
      shipmentReferenceType: typeCode = 'CU',
      dateRangeFrom: from,
      dateRangeTo: to,
      ...rest
    } = context.req.query();
    const missing = [
      ...(rest['shipperAccountNumber'] ? [] : ['shipperAccountNumber']),
      ...(value ? [] : ['shipmentReference']),
      ...(from && to ? [] : ['dateRangeFrom, dateRangeTo']),
    ];
    if (!value || !from || !to || missing.length > 0)
      return refused(context, 400, `Missing mandatory parameters: ${missing.join(', ')}`, { title: 'Missing parameters' });
    const found = rest['shipperAccountNumber'] === accountNumber ? state.byReference({ value, typeCode, from, to }) : [];
    if (found.length === 0) return noData(context, `No Shipments Found for ReferenceID | ${value}`);
    const withEvents = rest['trackingView'] !== 'shipment-details-only';
    return context.json({ shipments: found.map((shipment) => trackedJson(shipment, { withEvents, withOffset: false })) });
  });

  app.get('/shipments/:number/get-image', (context) => {
    const { shipperAccountNumber, typeCode, pickupYearAndMonth, encodingFormat = 'pdf' } = context.req.query();
    if (!shipperAccountNumber || !typeCode || !/^\d{4}-\d\d$/.test(pickupYearAndMonth ?? ''))
      return refused(context, 400, 'Missing mandatory parameters: shipperAccountNumber, typeCode, pickupYearAndMonth', {
        title: 'Missing parameters',
      });
    if (encodingFormat !== 'pdf' && encodingFormat !== 'tiff')
      return refused(context, 400, 'Parameters not having correct format: encodingFormat');
    const shipment = state.byNumber(context.req.param('number'));
    const isThere = keepsWaybills && shipperAccountNumber === accountNumber && typeCode === 'waybill' && encodingFormat === 'pdf';
    if (shipment === null || !isThere || !shipment.day.startsWith(pickupYearAndMonth ?? 'none'))
      return refused(context, 404, '1504: No document images found for the provided search criteria.');
    const content = documentOf(shipment, 'pdf', 'waybill');
    return context.json({
      documents: [{ shipmentTrackingNumber: shipment.trackingNumber, typeCode: 'waybill', encodingFormat: 'PDF', content }],
    });
  });

  app.get('/address-validate', (context) => {
    const { type, countryCode, postalCode, cityName } = context.req.query();
    if ((type !== 'pickup' && type !== 'delivery') || !/^[A-Z]{2}$/.test(countryCode ?? ''))
      return refused(context, 400, 'Missing mandatory parameters: type, countryCode', { title: 'Missing parameters' });
    if ((cityName ?? '').length > 45) return refused(context, 400, 'Parameters not having correct format: cityName (maxLength=45)');
    const inCountry = places.filter(({ country }) => country === countryCode);
    const byCode = inCountry.filter((place) => place.postalCode === postalCode);
    const found = byCode.length > 0 ? byCode : inCountry.filter(({ city }) => city === cityName?.toUpperCase());
    if (found.length === 0) return refused(context, 400, 'The location is not found. Please check the address and retry.');
    return context.json({
      address: found.map(({ country, postalCode: code, city }) => ({
        countryCode: country,
        postalCode: code,
        cityName: city,
        serviceArea: { code: 'ARE', description: `${city}-${country}`, GMTOffset: '+02:00' },
      })),
    });
  });
}

function wrongView(context: Context): string | null {
  const { trackingView = 'all-checkpoints', levelOfDetail = 'shipment' } = context.req.query();
  if (!views.includes(trackingView))
    return `Parameters not having correct format: trackingView (valid parameters for trackingView are [${views.join(', ')}])`;
  return levels.includes(levelOfDetail) ? null : 'Parameters not having correct format: levelOfDetail';
}
