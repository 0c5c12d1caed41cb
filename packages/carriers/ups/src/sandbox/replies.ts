import type { StoredShipment } from './state.ts';
import type { Quoted } from './tariff.ts';

/** Answers as UPS's specifications have them. */

export const success = { ResponseStatus: { Code: '1', Description: 'Success' }, TransactionReference: { CustomerContext: '' } };

export function errorJson(code: string, message: string): Record<string, unknown> {
  return { response: { errors: [{ code, message }] } };
}

/** Minor units of a currency with two digits. */
export function decimal(minor: number): string {
  return `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
}

export function ratedJson(
  quoted: Quoted,
  given: {
    readonly currency: string;
    readonly negotiated: boolean;
    readonly zone: boolean;
    readonly arrival: string | null;
    readonly pickup: string | null;
  },
): Record<string, unknown> {
  const { currency } = given;
  const charges = chargesJson(quoted, currency);
  return {
    Service: { Code: quoted.code, Description: quoted.name },
    ...(given.zone ? { Zone: quoted.zone } : {}),
    RatedShipmentAlert: [{ Code: '110971', Description: 'Your invoice may vary from the displayed reference rates' }],
    BillingWeight: billingWeightJson(quoted),
    ...charges.listed,
    ...(given.negotiated ? { NegotiatedRateCharges: charges.negotiated } : {}),
    RatedPackage: [packageJson(quoted, currency)],
    ...(given.arrival === null
      ? {}
      : {
          TimeInTransit: {
            PickupDate: given.pickup,
            PackageBillType: '03',
            ServiceSummary: {
              Service: { Description: quoted.name },
              GuaranteedIndicator: '',
              EstimatedArrival: {
                Arrival: { Date: given.arrival, Time: '230000' },
                BusinessDaysInTransit: String(quoted.days),
                Pickup: { Date: given.pickup, Time: '170000' },
                DayOfWeek: 'MON',
                CustomerCenterCutoff: '143000',
              },
            },
          },
        }),
  };
}

export function shippedJson(
  shipment: StoredShipment,
  given: { readonly currency: string; readonly negotiated: boolean; readonly format: string; readonly image: string },
): Record<string, unknown> {
  const { listed, negotiated } = chargesJson(shipment.price, given.currency);
  // Shipping names no base of the contract's price, as rating does.
  const { BaseServiceCharge: _base, ...withoutBase } = negotiated;
  return {
    ShipmentResponse: {
      Response: success,
      ShipmentResults: {
        ShipmentCharges: listed,
        ...(given.negotiated ? { NegotiatedRateCharges: withoutBase } : {}),
        BillingWeight: billingWeightJson(shipment.price),
        ShipmentIdentificationNumber: shipment.trackingNumber,
        PackageResults: [
          {
            TrackingNumber: shipment.trackingNumber,
            ...packageJson(shipment.price, given.currency),
            ShippingLabel: { ImageFormat: { Code: given.format, Description: given.format }, GraphicImage: given.image },
          },
        ],
      },
    },
  };
}

/** The base stands at the shipment, the accessorials at the parcel and the fuel surcharge at the shipment, as UPS spreads them. */
function chargesJson(quoted: Quoted, currency: string) {
  const amount = (minor: number) => ({ CurrencyCode: currency, MonetaryValue: decimal(minor) });
  const fuel = quoted.extras.filter(({ code }) => code === '375').map((extra) => itemJson(extra, currency));
  const optionsMinor = quoted.extras.filter(({ code }) => code !== '375').reduce((sum, { minor }) => sum + minor, 0);
  return {
    listed: {
      BaseServiceCharge: amount(quoted.baseMinor),
      TransportationCharges: amount(quoted.listMinor - optionsMinor),
      ItemizedCharges: fuel,
      ServiceOptionsCharges: amount(optionsMinor),
      TotalCharges: amount(quoted.listMinor),
    },
    negotiated: {
      BaseServiceCharge: [amount(quoted.baseMinor - quoted.discountMinor)],
      ItemizedCharges: fuel,
      TotalCharge: amount(quoted.totalMinor),
    },
  };
}

function packageJson(quoted: Quoted, currency: string): Record<string, unknown> {
  const items = quoted.extras.filter(({ code }) => code !== '375').map((extra) => itemJson(extra, currency));
  return items.length === 0 ? {} : { ItemizedCharges: items, NegotiatedCharges: { ItemizedCharges: items } };
}

function itemJson({ code, minor }: { readonly code: string; readonly minor: number }, currency: string): Record<string, unknown> {
  return { Code: code, CurrencyCode: currency, MonetaryValue: decimal(minor), SubType: '' };
}

function billingWeightJson(quoted: Quoted): Record<string, unknown> {
  return { UnitOfMeasurement: { Code: 'LBS', Description: 'Pounds' }, Weight: decimal(quoted.billedPounds * 100).slice(0, 5) };
}

const scans = {
  accepted: { type: 'P', code: 'XD', statusCode: '038', description: 'Picked up by UPS' },
  delivered: { type: 'D', code: 'FS', statusCode: '011', description: 'DELIVERED' },
} as const;

export function trackedJson(shipment: StoredShipment): Record<string, unknown> {
  const made = activityJson(
    { type: 'M', code: 'MP', statusCode: '003', description: 'Shipper created a label, UPS has not received the package yet.' },
    shipment.madeAt,
    shipment,
  );
  const voided =
    shipment.voidedAt === null
      ? []
      : [
          activityJson(
            { type: 'MV', code: 'VP', statusCode: '007', description: 'Shipment information voided' },
            shipment.voidedAt,
            shipment,
          ),
        ];
  const activity = [made, ...shipment.scans.map(({ what, at }) => activityJson(scans[what], at, shipment)), ...voided].reverse();
  return {
    trackResponse: {
      shipment: [
        {
          inquiryNumber: shipment.trackingNumber,
          package: [
            {
              trackingNumber: shipment.trackingNumber,
              deliveryDate: [{ type: 'SDD', date: compact(shipment.madeAt).date }],
              activity,
              currentStatus: { description: '', code: '' },
              packageCount: 1,
            },
          ],
          userRelation: ['MYCHOICE_HOME'],
        },
      ],
    },
  };
}

/** What UPS says of a number that it does not know: status 200 and a warning. */
export function unknownJson(trackingNumber: string): Record<string, unknown> {
  return {
    trackResponse: {
      shipment: [{ inquiryNumber: trackingNumber, warnings: [{ code: 'TW0001', message: 'Tracking Information Not Found' }] }],
    },
  };
}

/** What Track Alert pushes of the last scan. */
export function pushedJson(shipment: StoredShipment, at: string): Record<string, unknown> {
  const last = shipment.scans.at(-1)?.what ?? 'accepted';
  const { type, code, statusCode, description } = scans[last];
  const { date, time } = compact(at);
  return {
    trackingNumber: shipment.trackingNumber,
    localActivityDate: date,
    localActivityTime: time,
    activityLocation: {
      city: shipment.destination.city,
      stateProvince: shipment.destination.state,
      postalCode: '',
      country: shipment.destination.country,
    },
    activityStatus: { type, code, description, descriptionCode: statusCode },
    scheduledDeliveryDate: date,
    actualDeliveryDate: last === 'delivered' ? date : '',
    actualDeliveryTime: last === 'delivered' ? time : '',
    gmtActivityDate: date,
    gmtActivityTime: time,
    gmtOffset: '-00.00',
  };
}

function activityJson(
  status: { readonly type: string; readonly code: string; readonly statusCode: string; readonly description: string },
  at: string,
  shipment: StoredShipment,
): Record<string, unknown> {
  const { date, time } = compact(at);
  return {
    location: {
      address: {
        city: shipment.destination.city,
        stateProvince: shipment.destination.state,
        countryCode: shipment.destination.country,
        country: shipment.destination.country,
      },
      slic: '9011',
    },
    status,
    date,
    time,
    gmtDate: date,
    gmtOffset: '+00:00',
    gmtTime: `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`,
  };
}

function compact(at: string): { readonly date: string; readonly time: string } {
  return { date: at.slice(0, 10).replaceAll('-', ''), time: at.slice(11, 19).replaceAll(':', '') };
}
