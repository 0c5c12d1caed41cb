import { localDate, type Address, type LabelFormat, type LabelRequest, type RateRequest } from '@quartermaster/domain';
import { customsDraftOf, tinsOf } from './customs-draft.ts';
import { notDone } from './faults.ts';
import {
  addressOf,
  amountOf,
  isPrivate,
  linesOf,
  measuresOf,
  packageOf,
  phoneOf,
  placeDraftOf,
  placeOf,
  referenceOf,
  spokenReferenceOf,
  weightOf,
} from './translate.ts';

export type DraftGiven = {
  readonly accountNumber: string;
  /** IANA zone of the nodes, for days. */
  readonly zone: string;
};

type Route = Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'shipAt' | 'delivery'>;

/** What FedEx is asked for prices by: of one service, or of all where `service` is null. With our prices, those of the list, and days of arrival. */
export function rateDraftOf(request: Route, service: string | null, { accountNumber, zone }: DraftGiven): Record<string, unknown> {
  const { shipFrom, shipTo, parcel, delivery } = request;
  const { country } = placeOf(shipFrom);
  const customs = customsDraftOf(delivery, { weight: measuresOf(country).weight, accountNumber }, true);
  const special = shipmentServicesOf(request);
  return {
    accountNumber: { value: accountNumber },
    rateRequestControlParameters: { returnTransitTimes: true },
    requestedShipment: {
      shipper: { address: placeDraftOf(shipFrom) },
      recipient: { address: placeDraftOf(shipTo) },
      ...(service === null ? {} : { serviceType: service }),
      packagingType: 'YOUR_PACKAGING',
      pickupType: 'USE_SCHEDULED_PICKUP',
      rateRequestType: ['ACCOUNT', 'LIST'],
      shipDateStamp: localDate(request.shipAt, zone),
      ...(delivery.customs?.contents === 'documents' ? { documentShipment: true } : {}),
      ...(special === null ? {} : { shipmentSpecialServices: special }),
      ...(customs === null ? {} : { customsClearanceDetail: customs }),
      requestedPackageLineItems: [{ ...packageOf(parcel, country), ...parcelServicesOf(delivery) }],
    },
  };
}

/** What a shipment is opened by (Open Ship). `index` is added by who opens it. Throws `invalid-request` for what FedEx could not carry out as it was asked. */
export function openShipmentDraftOf(request: LabelRequest, service: string, key: string, given: DraftGiven): Record<string, unknown> {
  return {
    accountNumber: { value: given.accountNumber },
    openShipmentAction: 'STRONG_VALIDATION',
    requestedShipment: requestedShipmentOf(request, service, key, given),
  };
}

/** What an open shipment is confirmed by: from then on it is a label. */
export function confirmationDraftOf(request: LabelRequest, index: string, { accountNumber }: DraftGiven): Record<string, unknown> {
  return {
    index,
    accountNumber: { value: accountNumber },
    labelResponseOptions: 'LABEL',
    labelSpecification: labelSpecificationOf(request.format),
    ...papersOf(request),
  };
}

/** What a label for the way back is made by, in one step (Ship): Open Ship makes none. */
export function returnDraftOf(request: LabelRequest, service: string, key: string, given: DraftGiven): Record<string, unknown> {
  const shipment = requestedShipmentOf(request, service, key, given);
  const { weight: unit } = measuresOf(placeOf(request.shipFrom).country);
  return {
    accountNumber: { value: given.accountNumber },
    labelResponseOptions: 'LABEL',
    requestedShipment: {
      ...shipment,
      totalWeight: weightOf(request.parcel.grams, unit).value,
      labelSpecification: labelSpecificationOf(request.format),
      ...papersOf(request),
    },
  };
}

function requestedShipmentOf(
  request: LabelRequest,
  service: string,
  key: string,
  { accountNumber, zone }: DraftGiven,
): Record<string, unknown> {
  checkDraft(request);
  const { shipFrom, shipTo, parcel, delivery } = request;
  const { country } = placeOf(shipFrom);
  const { customs } = delivery;
  const clearance = customsDraftOf(delivery, { weight: measuresOf(country).weight, accountNumber }, false);
  const special = shipmentServicesOf(request);
  const people = spokenReferenceOf(request.reference);
  return {
    shipDatestamp: localDate(request.shipAt, zone),
    pickupType: 'USE_SCHEDULED_PICKUP',
    serviceType: service,
    packagingType: 'YOUR_PACKAGING',
    shipper: { ...partyOf(shipFrom, shipTo), ...tinsOf(customs, 'sender') },
    recipients: [{ ...partyOf(shipTo, shipFrom), ...tinsOf(customs, 'recipient') }],
    shippingChargesPayment: { paymentType: 'SENDER', payor: { responsibleParty: { accountNumber: { value: accountNumber } } } },
    ...(special === null ? {} : { shipmentSpecialServices: special }),
    ...(clearance === null ? {} : { customsClearanceDetail: clearance }),
    rateRequestType: ['ACCOUNT', 'LIST'],
    requestedPackageLineItems: [
      {
        ...packageOf(parcel, country),
        customerReferences: [
          { customerReferenceType: 'CUSTOMER_REFERENCE', value: referenceOf(key) },
          ...(people === null ? [] : [{ customerReferenceType: 'P_O_NUMBER', value: people }]),
        ],
        ...parcelServicesOf(delivery),
      },
    ],
  };
}

/** Signature and declared value, which are asked for at the parcel. FedEx insures nothing: it answers for a declared value. */
function parcelServicesOf({ signature, insured }: Route['delivery']): Record<string, unknown> {
  return {
    ...(signature === 'none'
      ? {}
      : {
          packageSpecialServices: {
            specialServiceTypes: ['SIGNATURE_OPTION'],
            signatureOptionType: signature === 'adult' ? 'ADULT' : 'DIRECT',
          },
        }),
    ...(insured === null ? {} : { declaredValue: amountOf(insured) }),
  };
}

function shipmentServicesOf({ delivery }: Pick<Route, 'delivery'>): Record<string, unknown> | null {
  const types = [...(delivery.onSaturday ? ['SATURDAY_DELIVERY'] : []), ...(delivery.isReturn ? ['RETURN_SHIPMENT'] : [])];
  if (types.length === 0) return null;
  return {
    specialServiceTypes: types,
    ...(delivery.isReturn ? { returnShipmentDetail: { returnType: 'PRINT_RETURN_LABEL' } } : {}),
  };
}

/** Whose telephone number is not known gets the other's: FedEx makes no label without one. */
function partyOf(address: Address, other: Address): Record<string, unknown> {
  return {
    address: addressOf(address),
    contact: {
      personName: address.name.slice(0, 70),
      ...(isPrivate(address) ? {} : { companyName: (address.company ?? '').slice(0, 35) }),
      phoneNumber: phoneOf(address) ?? phoneOf(other),
      ...(address.email === null || address.email.length > 80 ? {} : { emailAddress: address.email }),
    },
  };
}

/** Paper or rolls of 4 × 6 inches. */
function labelSpecificationOf(format: LabelFormat): Record<string, unknown> {
  const of = {
    zpl: { imageType: 'ZPLII', labelStockType: 'STOCK_4X6' },
    pdf: { imageType: 'PDF', labelStockType: 'PAPER_4X6' },
    png: { imageType: 'PNG', labelStockType: 'PAPER_4X6' },
  };
  return { labelFormatType: 'COMMON2D', ...of[format] };
}

/** The commercial invoice that FedEx makes of what the customs are told. */
function papersOf({ delivery: { customs } }: LabelRequest): Record<string, unknown> {
  if (customs === null || customs.contents === 'documents') return {};
  return {
    shippingDocumentSpecification: {
      shippingDocumentTypes: ['COMMERCIAL_INVOICE'],
      commercialInvoiceDetail: { documentFormat: { docType: 'PDF', stockType: 'PAPER_LETTER' } },
    },
  };
}

function checkDraft({ shipFrom, shipTo, delivery }: LabelRequest): void {
  for (const [whose, { lines }] of [
    ['start', shipFrom],
    ['destination', shipTo],
  ] as const)
    if (linesOf(lines) === null)
      throw notDone(
        'invalid-request',
        'label.buy',
        `the address of the ${whose} does not fit into three lines of 35 characters`,
        'Shorten its lines.',
      );
  if ((phoneOf(shipFrom) ?? phoneOf(shipTo)) === null)
    throw notDone('invalid-request', 'label.buy', 'FedEx wants a telephone number', 'Give the node one.');
  if (delivery.customs?.ifUndeliverable === 'abandon')
    throw notDone(
      'unsupported',
      'label.buy',
      'FedEx cannot be told beforehand to give up what it cannot deliver',
      'Ask for it to come back.',
    );
}
