import { sampleDocument } from '@quartermaster/connector-kit/sandbox';
import { addDays, epochMs } from '@quartermaster/domain';
import type { StoredShipment } from './state.ts';
import type { Quoted } from './tariff.ts';

/** Answers as the specification has them. */

export function errorJson(
  instance: string,
  status: number,
  detail: string,
  more: { readonly title?: string } = {},
): Record<string, unknown> {
  const title = more.title ?? { 401: 'Unauthorized', 404: 'Not found', 500: 'Internal Server Error' }[status] ?? 'Bad request';
  return { instance: `/expressapi${instance}`, detail, title, message: title, status: String(status) };
}

export function invalidJson(instance: string, problems: readonly string[]): Record<string, unknown> {
  const words = { title: 'Validation error', message: 'Unprocessable Entity', status: '422' };
  const [only] = problems;
  return problems.length === 1
    ? { instance: `/expressapi${instance}`, detail: only, ...words }
    : {
        instance: `/expressapi${instance}`,
        detail: 'Multiple problems found, see Additional Details',
        ...words,
        additionalDetails: problems,
      };
}

/** A number with two digits, for currencies that have as many. */
export function amount(minor: number): number {
  return minor / 100;
}

export function productJson(
  quoted: Quoted,
  given: { readonly currency: string; readonly day: string; readonly from: string },
): Record<string, unknown> {
  const { product } = quoted;
  const arrival = addDays(given.day, product.days);
  const kinds = ['BILLC', 'PULCL'] as const;
  return {
    productName: product.name,
    productCode: product.code,
    localProductCode: product.localCode,
    localProductCountryCode: given.from,
    networkTypeCode: 'TD',
    isCustomerAgreement: false,
    weight: { volumetric: quoted.volumetric, provided: quoted.provided, unitOfMeasurement: 'metric' },
    totalPrice: kinds.map((currencyType) => ({
      currencyType,
      priceCurrency: given.currency,
      price: amount(currencyType === 'BILLC' ? quoted.totalMinor : listMinor(quoted)),
    })),
    totalPriceBreakdown: [
      {
        currencyType: 'BILLC',
        priceCurrency: given.currency,
        priceBreakdown: [
          { typeCode: 'STTXA', price: amount(quoted.taxMinor) },
          { typeCode: 'SPRQT', price: amount(quoted.freightMinor) },
        ],
      },
    ],
    detailedPriceBreakdown: [{ currencyType: 'BILLC', priceCurrency: given.currency, breakdown: breakdownJson(quoted) }],
    pickupCapabilities: {
      nextBusinessDay: false,
      localCutoffDateAndTime: `${given.day}T18:00:00`,
      pickupEarliest: '09:00:00',
      pickupLatest: '18:30:00',
      originServiceAreaCode: 'ORI',
      originFacilityAreaCode: 'ORF',
      pickupAdditionalDays: 0,
      pickupDayOfWeek: 1,
    },
    deliveryCapabilities: {
      deliveryTypeCode: 'QDDC',
      estimatedDeliveryDateAndTime: `${arrival}T23:59:00`,
      destinationServiceAreaCode: 'DES',
      destinationFacilityAreaCode: 'DEF',
      deliveryAdditionalDays: 0,
      deliveryDayOfWeek: 4,
      totalTransitDays: product.days,
    },
    pricingDate: given.day,
  };
}

/** What the public would pay: nearly half as much again. */
function listMinor({ totalMinor }: Quoted): number {
  return Math.round(totalMinor * 1.45);
}

function breakdownJson({ product, freightMinor, services }: Quoted): Record<string, unknown>[] {
  return [
    { name: product.name, price: amount(freightMinor) },
    ...services.map(({ code, name, minor }) => ({
      name,
      serviceCode: code,
      localServiceCode: code,
      serviceTypeCode: code === 'FF' ? 'SCH' : 'XCH',
      price: amount(minor),
    })),
  ];
}

export function shippedJson(
  shipment: StoredShipment,
  given: {
    readonly currency: string;
    readonly format: 'pdf' | 'zpl';
    readonly images: readonly string[];
    readonly withPrice: boolean;
    readonly base: string;
  },
): Record<string, unknown> {
  const { price, trackingNumber } = shipment;
  const trackingUrl = `${given.base}/shipments/${trackingNumber}/tracking`;
  const piece = pieceNumber(trackingNumber);
  return {
    shipmentTrackingNumber: trackingNumber,
    trackingUrl,
    packages: [{ referenceNumber: 1, trackingNumber: piece, trackingUrl: `${trackingUrl}?pieceTrackingNumber=${piece}` }],
    documents: given.images.map((typeCode) => {
      // Invoices are PDF whatever the label is.
      const format = typeCode === 'invoice' ? 'pdf' : given.format;
      return { imageFormat: format.toUpperCase(), content: documentOf(shipment, format, typeCode), typeCode };
    }),
    ...(given.withPrice
      ? {
          shipmentCharges: [
            {
              currencyType: 'BILLC',
              priceCurrency: given.currency,
              price: amount(price.totalMinor),
              serviceBreakdown: [
                { name: price.product.name, price: amount(price.freightMinor) },
                ...price.services.map(({ code, name, minor }) => ({ name, price: amount(minor), typeCode: code })),
              ],
            },
          ],
        }
      : {}),
  };
}

export function documentOf({ trackingNumber, references, price }: StoredShipment, format: 'pdf' | 'zpl', what: string): string {
  const lines = ['SAMPLE', what.toUpperCase(), price.product.name, trackingNumber, ...references.map(({ value }) => value)];
  return Buffer.from(sampleDocument(format, lines)).toString('base64');
}

function pieceNumber(trackingNumber: string): string {
  return `JD01460000${trackingNumber}`;
}

const scans = {
  accepted: { typeCode: 'PU', description: 'Shipment picked up', end: 'from' },
  delivered: { typeCode: 'OK', description: 'Delivered : A LOVELACE', end: 'to' },
} as const;

export function trackedJson(
  shipment: StoredShipment,
  given: { readonly withEvents: boolean; readonly withOffset: boolean },
): Record<string, unknown> {
  const { trackingNumber, places, price, references } = shipment;
  const areaOf = (country: string) => [{ code: 'ARE', description: `AREA-${country}` }];
  const events = shipment.scans.map(({ what, at }) => {
    const { typeCode, description, end } = scans[what];
    // Its places are all two hours ahead of UTC.
    const local = new Date(epochMs(at) + 2 * 3_600_000).toISOString();
    return {
      date: local.slice(0, 10),
      time: local.slice(11, 19),
      ...(given.withOffset ? { GMTOffset: '+02:00' } : {}),
      typeCode,
      description,
      serviceArea: areaOf(places[end]),
    };
  });
  return {
    shipmentTrackingNumber: trackingNumber,
    status: 'Success',
    shipmentTimestamp: `${shipment.day}T10:00:00`,
    productCode: price.product.code,
    description: 'GOODS',
    shipperDetails: {
      name: '',
      postalAddress: { cityName: '', postalCode: '', countryCode: places.from },
      serviceArea: areaOf(places.from),
    },
    receiverDetails: { name: '', postalAddress: { cityName: '', postalCode: '', countryCode: places.to }, serviceArea: areaOf(places.to) },
    totalWeight: price.provided,
    unitOfMeasurements: 'metric',
    shipperReferences: references,
    events: given.withEvents ? events : [],
    numberOfPieces: 1,
    estimatedDeliveryDate: `${addDays(shipment.day, price.product.days)}T23:59:00`,
  };
}
