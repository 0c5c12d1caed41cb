import { sampleDocument } from '@quartermaster/connector-kit/sandbox';
import { addDays, dayOfWeek, type LabelFormat } from '@quartermaster/domain';
import { dayWordOf } from '../translate.ts';
import type { StoredShipment } from './state.ts';
import type { Quoted } from './tariff.ts';

/** Answers as FedEx's specifications have them. */

export function errorJson(code: string, message: string): Record<string, unknown> {
  return { transactionId, errors: [{ code, message }] };
}

export function answerJson(output: Record<string, unknown>): Record<string, unknown> {
  return { transactionId, output };
}

const transactionId = '624deea6-b709-470c-8c39-4b5511281492';

/** Minor units of a currency with two digits, as a number. */
function major(minor: number): number {
  return minor / 100;
}

export function rateReplyJson(
  quoted: Quoted,
  given: { readonly currency: string; readonly types: readonly string[]; readonly shipDay: string },
): Record<string, unknown> {
  const { currency } = given;
  const detail = (rateType: string) => {
    const discountMinor = rateType === 'ACCOUNT' ? quoted.discountMinor : 0;
    const weight = { units: 'LB', value: quoted.billedPounds };
    const surCharges = quoted.surcharges.map(({ type, minor }) => ({ type, description: type, amount: major(minor) }));
    return {
      rateType,
      ratedWeightMethod: quoted.isDimensional ? 'DIM' : 'ACTUAL',
      totalDiscounts: major(discountMinor),
      totalBaseCharge: major(quoted.baseMinor),
      totalNetCharge: major(quoted.listMinor - discountMinor),
      totalNetFedExCharge: major(quoted.listMinor - discountMinor),
      shipmentRateDetail: {
        rateZone: quoted.zone,
        dimDivisor: 139,
        fuelSurchargePercent: 16,
        totalSurcharges: major(quoted.surcharges.reduce((sum, { minor }) => sum + minor, 0)),
        surCharges,
        totalBillingWeight: weight,
        currency,
      },
      ratedPackages: [
        {
          groupNumber: 0,
          effectiveNetDiscount: 0,
          packageRateDetail: { rateType: `PAYOR_${rateType}_PACKAGE`, billingWeight: weight, surcharges: surCharges },
        },
      ],
    };
  };
  const types = given.types.filter((type) => type === 'ACCOUNT' || type === 'LIST');
  return {
    serviceType: quoted.code,
    serviceName: quoted.name,
    packagingType: 'YOUR_PACKAGING',
    ratedShipmentDetails: (types.length === 0 ? ['LIST'] : types).map(detail),
    operationalDetail: { ineligibleForMoneyBackGuarantee: false, transitTime: dayWordOf(quoted.days) },
    commit: { daysInTransit: dayWordOf(quoted.days), dateDetail: { dayFormat: `${arrivalDay(given.shipDay, quoted.days)}T23:59:00` } },
  };
}

/** What was opened, and not yet a label. */
export function openedJson(service: string, trackingNumber: string, index: string): Record<string, unknown> {
  return {
    jobId: index,
    transactionShipments: [{ serviceType: service, masterTrackingNumber: trackingNumber, serviceCategory: categoryOf(service) }],
  };
}

export function shippedJson(
  shipment: StoredShipment,
  given: { readonly currency: string; readonly imageType: string; readonly link: boolean; readonly way: 'open-ship' | 'ship' },
): Record<string, unknown> {
  const { trackingNumber, service, price, isGround } = shipment;
  const rate = (rateType: string, discountMinor: number) => ({
    rateType,
    rateZone: price.zone,
    currency: given.currency,
    totalBaseCharge: major(price.baseMinor),
    totalFreightDiscounts: major(discountMinor),
    totalNetCharge: major(price.listMinor - discountMinor),
    surcharges: price.surcharges.map(({ type, minor }) => ({
      surchargeType: type,
      description: type,
      // Open Ship writes these as texts, Ship as numbers.
      amount: given.way === 'open-ship' ? String(major(minor)) : major(minor),
    })),
  });
  const format = formatOf(given.imageType);
  const label = {
    contentType: 'LABEL',
    docType: given.imageType,
    copiesToPrint: 1,
    ...(given.link
      ? { url: `https://www.fedex.com/document/v2/document/retrieve/${trackingNumber}` }
      : {
          encodedLabel: Buffer.from(
            sampleDocument(format, ['SAMPLE', `FedEx ${service}`, trackingNumber, ...shipment.references]),
          ).toString('base64'),
        }),
  };
  return {
    transactionShipments: [
      {
        serviceType: service,
        serviceName: price.name,
        serviceCategory: categoryOf(service),
        masterTrackingNumber: trackingNumber,
        pieceResponses: [
          {
            packageSequenceNumber: 1,
            // Ship has no such word.
            ...(given.way === 'open-ship' ? { successful: true } : {}),
            trackingNumber,
            masterTrackingNumber: trackingNumber,
            netChargeAmount: major(price.totalMinor),
            packageDocuments: [label],
          },
        ],
        completedShipmentDetail: {
          carrierCode: isGround ? 'FDXG' : 'FDXE',
          shipmentRating: {
            actualRateType: 'PAYOR_ACCOUNT_PACKAGE',
            shipmentRateDetails: [rate('PAYOR_LIST_PACKAGE', 0), rate('PAYOR_ACCOUNT_PACKAGE', price.discountMinor)],
          },
        },
      },
    ],
  };
}

/** A piece that has no label, with a status of success; Open Ship's words. */
export function failedJson(): Record<string, unknown> {
  return {
    transactionShipments: [{ pieceResponses: [{ packageSequenceNumber: 1, successful: false }] }],
    alerts: [{ code: 'SHIPMENT.PIECE.FAILED', alertType: 'WARNING', message: 'The label could not be generated.' }],
  };
}

export function isGroundService(service: string): boolean {
  return service.includes('GROUND');
}

function categoryOf(service: string): string {
  return isGroundService(service) ? 'GROUND' : 'EXPRESS';
}

function formatOf(imageType: string): LabelFormat {
  return imageType === 'PDF' ? 'pdf' : imageType === 'PNG' ? 'png' : 'zpl';
}

/** So many business days later. */
function arrivalDay(from: string, days: number): string {
  let day = from;
  for (let left = days; left > 0;) {
    day = addDays(day, 1);
    if (dayOfWeek(day) <= 5) left -= 1;
  }
  return day;
}

const scanCodes = {
  made: { code: 'OC', derived: 'IN', text: 'Shipment information sent to FedEx' },
  accepted: { code: 'PU', derived: 'PU', text: 'Picked up' },
  delivered: { code: 'DL', derived: 'DL', text: 'Delivered' },
  cancelled: { code: 'CA', derived: 'CA', text: 'Shipment cancelled by sender' },
} as const;

/** A parcel of the tracking's answer, the latest scan first. */
export function trackedJson(shipment: StoredShipment): Record<string, unknown> {
  const { destination, trackingNumber, madeAt, scans, cancelledAt } = shipment;
  const scanJson = (what: keyof typeof scanCodes, at: string) => ({
    date: at.replace(/\.\d+Z$/, '+00:00'),
    eventType: scanCodes[what].code,
    eventDescription: scanCodes[what].text,
    derivedStatusCode: scanCodes[what].derived,
    derivedStatus: scanCodes[what].text,
    exceptionCode: '',
    exceptionDescription: '',
    scanLocation: { city: destination.city, stateOrProvinceCode: destination.state, countryCode: destination.country, streetLines: [''] },
  });
  const events = [
    scanJson('made', madeAt),
    ...scans.map(({ what, at }) => scanJson(what, at)),
    ...(cancelledAt === null ? [] : [scanJson('cancelled', cancelledAt)]),
  ].toReversed();
  const [latest] = events;
  return {
    trackingNumber,
    trackResults: [
      {
        trackingNumberInfo: {
          trackingNumber,
          carrierCode: shipment.isGround ? 'FDXG' : 'FDXE',
          trackingNumberUniqueId: `12026~${trackingNumber}~FX`,
        },
        latestStatusDetail: {
          code: latest?.eventType,
          derivedCode: latest?.derivedStatusCode,
          statusByLocale: latest?.eventDescription,
          description: latest?.eventDescription,
        },
        dateAndTimes: [{ type: 'ESTIMATED_DELIVERY', dateTime: `${arrivalDay(madeAt.slice(0, 10), shipment.price.days)}T00:00:00` }],
        scanEvents: events,
      },
    ],
  };
}

/** FedEx says with status 200 that it does not know a number. */
export function untrackedJson(trackingNumber: string): Record<string, unknown> {
  return {
    trackingNumber,
    trackResults: [
      {
        trackingNumberInfo: { trackingNumber },
        error: {
          code: 'TRACKING.TRACKINGNUMBER.NOTFOUND',
          message: 'Tracking number cannot be found. Please correct the tracking number and try again.',
        },
      },
    ],
  };
}
