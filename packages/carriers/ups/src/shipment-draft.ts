import { decimalOf, type Address, type DeliveryTerms, type LabelRequest, type RateRequest } from '@quartermaster/domain';
import { invoiceFormOf, taxIdOf, vendorOf } from './customs-draft.ts';
import { notDone } from './faults.ts';
import {
  addressOf,
  invoiceTotalOf,
  isDomesticPair,
  linesOf,
  packageOf,
  partyOf,
  placeOf,
  referenceOf,
  spokenReferenceOf,
  upsDate,
  weightOf,
} from './translate.ts';

export type DraftGiven = {
  readonly accountNumber: string;
  /** IANA zone of the nodes, for days. */
  readonly zone: string;
};

type Route = Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'shipAt' | 'delivery'>;

/** What UPS is asked for prices by: of one service, or of all with their transit times where `service` is null. */
export function rateDraftOf(request: Route, service: string | null, { accountNumber, zone }: DraftGiven): Record<string, unknown> {
  const { shipFrom, shipTo, parcel, delivery } = request;
  const shipper = shipperOf(request);
  const invoice = invoiceTotalOf(delivery.customs);
  return {
    RateRequest: {
      Request: { RequestOption: service === null ? 'Shoptimeintransit' : 'Rate', SubVersion: '2409' },
      PickupType: { Code: '01', Description: 'Daily Pickup' },
      Shipment: {
        Shipper: { ...partyOf(shipper), ShipperNumber: accountNumber, Address: addressOf(shipper) },
        ShipTo: { ...partyOf(shipTo), Address: addressOf(shipTo, { residential: true }) },
        ShipFrom: { ...partyOf(shipFrom), Address: addressOf(shipFrom) },
        PaymentDetails: { ShipmentCharge: [{ Type: '01', BillShipper: { AccountNumber: accountNumber } }] },
        ...(service === null ? {} : { Service: { Code: service } }),
        NumOfPieces: '1',
        ShipmentTotalWeight: weightOf(parcel.grams, placeOf(shipFrom).country),
        ...(isDocuments(delivery) ? { DocumentsOnlyIndicator: '' } : {}),
        Package: [{ ...packageOf(parcel, placeOf(shipFrom).country, 'PackagingType'), ...parcelServicesOf(request) }],
        ...shipmentServicesOf(request, { forRating: true }),
        ShipmentRatingOptions: { NegotiatedRatesIndicator: 'Y' },
        ...(invoice === null ? {} : { InvoiceLineTotal: invoice }),
        DeliveryTimeInformation: { PackageBillType: isDocuments(delivery) ? '02' : '03', Pickup: { Date: upsDate(request.shipAt, zone) } },
      },
    },
  };
}

/** What a label is bought by. Throws `invalid-request` for what UPS could not carry out as it was asked. */
export function shipmentDraftOf(
  request: LabelRequest,
  service: string,
  key: string,
  { accountNumber, zone }: DraftGiven,
): Record<string, unknown> {
  const { shipFrom, shipTo, parcel, delivery } = request;
  checkDraft(request);
  const shipper = shipperOf(request);
  const { customs } = delivery;
  const references = referencesOf(key, request.reference);
  const domestic = isDomesticPair(shipFrom, shipTo);
  const invoice = needsInvoiceTotal(request) ? invoiceTotalOf(customs) : null;
  return {
    ShipmentRequest: {
      Request: { SubVersion: '2205', RequestOption: 'nonvalidate' },
      Shipment: {
        Description: descriptionOf(delivery),
        ...(delivery.isReturn ? { ReturnService: { Code: '9', Description: 'UPS Print Return Label' } } : {}),
        ...(isDocuments(delivery) ? { DocumentsOnlyIndicator: '' } : {}),
        Shipper: {
          ...partyOf(shipper),
          ...(customs === null || delivery.isReturn ? {} : { AttentionName: customs.signer.slice(0, 35) }),
          ...taxIdOf(customs, 'sender'),
          ...contactOf(shipper),
          ShipperNumber: accountNumber,
          Address: addressOf(shipper),
        },
        ShipTo: {
          ...partyOf(shipTo),
          ...taxIdOf(customs, 'recipient'),
          ...contactOf(shipTo),
          Address: addressOf(shipTo, { residential: true }),
        },
        ShipFrom: { ...partyOf(shipFrom), ...phoneOf(shipFrom), Address: addressOf(shipFrom), ...vendorOf(customs) },
        PaymentInformation: {
          ShipmentCharge: [
            { Type: '01', BillShipper: { AccountNumber: accountNumber } },
            ...(customs?.incoterm === 'DDP' ? [{ Type: '02', BillShipper: { AccountNumber: accountNumber } }] : []),
          ],
        },
        ShipmentRatingOptions: { NegotiatedRatesIndicator: 'Y' },
        ...(domestic ? {} : { ReferenceNumber: references }),
        Service: { Code: service },
        ...(invoice === null ? {} : { InvoiceLineTotal: invoice }),
        ...shipmentServicesOf(request, { forRating: false, form: invoiceFormOf(request, upsDate(request.shipAt, zone)) }),
        Package: [
          {
            Description: descriptionOf(delivery),
            ...packageOf(parcel, placeOf(shipFrom).country, 'Packaging'),
            ...(domestic ? { ReferenceNumber: references } : {}),
            ...parcelServicesOf(request),
          },
        ],
      },
      LabelSpecification: { LabelImageFormat: { Code: 'ZPL', Description: 'ZPL' }, LabelStockSize: { Height: '6', Width: '4' } },
    },
  };
}

/** Who pays and whose address the account is at: we, whichever way the parcel goes. */
function shipperOf({ shipFrom, shipTo, delivery }: Pick<Route, 'shipFrom' | 'shipTo' | 'delivery'>): Address {
  return delivery.isReturn ? shipTo : shipFrom;
}

function referencesOf(key: string, spoken: string): { readonly Value: string }[] {
  const people = spokenReferenceOf(spoken);
  return [{ Value: referenceOf(key) }, ...(people === null ? [] : [{ Value: people }])];
}

/** Signature and insurance of the parcel. Within the United States and Puerto Rico a signature is asked for at the parcel (2, 3), elsewhere at the shipment (1, 2). */
function parcelServicesOf(request: Pick<Route, 'shipFrom' | 'shipTo' | 'delivery'>): Record<string, unknown> {
  const { signature, insured } = request.delivery;
  const services = {
    ...(signature === 'none' || !isDomesticPair(request.shipFrom, request.shipTo)
      ? {}
      : { DeliveryConfirmation: { DCISType: signature === 'adult' ? '3' : '2' } }),
    ...(insured === null ? {} : { DeclaredValue: { CurrencyCode: insured.currency, MonetaryValue: decimalOf(insured) } }),
  };
  return Object.keys(services).length === 0 ? {} : { PackageServiceOptions: services };
}

function shipmentServicesOf(
  request: Pick<Route, 'shipFrom' | 'shipTo' | 'delivery'>,
  given: { readonly forRating: boolean; readonly form?: Record<string, unknown> | null },
): { readonly ShipmentServiceOptions: Record<string, unknown> } | null {
  const { signature, onSaturday, isReturn } = request.delivery;
  const services = {
    ...(onSaturday ? { SaturdayDeliveryIndicator: '' } : {}),
    ...(signature === 'none' || isDomesticPair(request.shipFrom, request.shipTo)
      ? {}
      : { DeliveryConfirmation: { DCISType: signature === 'adult' ? '2' : '1' } }),
    ...(isReturn && given.forRating ? { ReturnService: { Code: '9' } } : {}),
    ...(given.form ? { InternationalForms: given.form } : {}),
  };
  return Object.keys(services).length === 0 ? null : { ShipmentServiceOptions: services };
}

function contactOf(address: Address): Record<string, unknown> {
  return { ...phoneOf(address), ...(address.email === null || address.email.length > 50 ? {} : { EMailAddress: address.email }) };
}

function phoneOf({ phone }: Pick<Address, 'phone'>): Record<string, unknown> {
  const digits = phone?.replaceAll(/[^0-9]/g, '').slice(0, 15) ?? '';
  return digits === '' ? {} : { Phone: { Number: digits } };
}

function isDocuments({ customs }: DeliveryTerms): boolean {
  return customs?.contents === 'documents';
}

function descriptionOf({ customs, isReturn }: DeliveryTerms): string {
  return (customs?.items[0]?.description ?? (isReturn ? 'Return' : 'Merchandise')).slice(0, 35);
}

/** UPS wants the total beside the forms from the United States to Canada and Puerto Rico, on the way out, and nowhere else. */
function needsInvoiceTotal({ shipFrom, shipTo, delivery }: LabelRequest): boolean {
  return !delivery.isReturn && placeOf(shipFrom).country === 'US' && ['CA', 'PR'].includes(placeOf(shipTo).country);
}

function checkDraft({ shipFrom, shipTo, delivery, format }: LabelRequest): void {
  if (format === 'png') throw notDone('unsupported', 'shipment.buy', 'UPS gives no label as PNG', 'Ask for ZPL or PDF.');
  for (const [whose, { lines }] of [
    ['start', shipFrom],
    ['destination', shipTo],
  ] as const)
    if (linesOf(lines) === null)
      throw notDone(
        'invalid-request',
        'shipment.buy',
        `the address of the ${whose} does not fit into three lines of 35 characters`,
        'Shorten its lines.',
      );
  if (delivery.isReturn && delivery.signature !== 'none')
    throw notDone('unsupported', 'shipment.buy', 'UPS takes no signature on the way back', 'Ask for the return without a signature.');
  if (delivery.customs?.ifUndeliverable === 'abandon')
    throw notDone(
      'unsupported',
      'shipment.buy',
      'UPS cannot be told beforehand to give up what it cannot deliver',
      'Ask for it to come back.',
    );
}
