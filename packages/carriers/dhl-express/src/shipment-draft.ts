import type { Instant, LabelRequest } from '@quartermaster/domain';
import { exportDeclarationOf } from './customs-draft.ts';
import { notDone } from './faults.ts';
import { lengths } from './limits.ts';
import { dhlMoment } from './moments.ts';
import { customsPartyOf } from './party.ts';
import { accountsOf, type DraftGiven } from './rate-draft.ts';
import { declaredValueOf, isDeclarable, numberOf, packageOf, referenceOf, spokenReferenceOf, valueAddedServicesOf } from './translate.ts';

const operation = 'shipment.buy';

/** What DHL calls a service: its global product code, and the local one that rating names, which domestic products need. */
export type Product = { readonly code: string; readonly localCode: string | null };

/**
 * What a label is bought by. Throws `invalid-request` for what DHL would not take and `unsupported` for what it could not carry out as it was asked. The reference of the key is the consignor's (`CU`),
 * by which the shipment is found again; the one for people is the buyer's order number (`CO`).
 */
export function shipmentDraftOf(
  request: LabelRequest,
  handedOverAt: Instant,
  product: Product,
  key: string,
  { accountNumber, zone, paperlessTrade }: DraftGiven,
): Record<string, unknown> {
  const { shipFrom, shipTo, parcel, delivery } = request;
  const { customs } = delivery;
  checkDraft(request);
  const services = valueAddedServicesOf(delivery, { paperlessTrade });
  const declarable = isDeclarable(delivery);
  const declared = declarable ? declaredValueOf(customs) : null;
  const paysDuties = declarable && customs?.incoterm === 'DDP';
  return {
    plannedShippingDateAndTime: dhlMoment(handedOverAt, zone),
    pickup: { isRequested: false },
    productCode: product.code,
    ...(product.localCode === null ? {} : { localProductCode: product.localCode }),
    getRateEstimates: true,
    accounts: [
      ...accountsOf(accountNumber, delivery.isReturn),
      ...(paysDuties ? [{ typeCode: 'duties-taxes', number: accountNumber }] : []),
    ],
    ...(services.length === 0 ? {} : { valueAddedServices: services }),
    outputImageProperties: imagePropertiesOf(request),
    customerReferences: referencesOf(key, request.reference),
    customerDetails: {
      shipperDetails: customsPartyOf(shipFrom, { operation, whose: 'sender', customs, of: 'sender' }),
      receiverDetails: customsPartyOf(shipTo, { operation, whose: 'recipient', customs, of: 'recipient' }),
    },
    content: {
      packages: [packageOf(parcel)],
      isCustomsDeclarable: declarable,
      ...(declared === null ? {} : { declaredValue: numberOf(declared), declaredValueCurrency: declared.currency }),
      ...(declarable && customs !== null ? { exportDeclaration: exportDeclarationOf(request, customs, zone) } : {}),
      description: descriptionOf(request),
      incoterm: customs?.incoterm ?? 'DAP',
      unitOfMeasurement: 'metric',
    },
  };
}

/** The label and, as a file of its own, the waybill, which is what DHL keeps and gives again; with goods for the customs also the invoice. */
function imagePropertiesOf({ format, delivery }: LabelRequest): Record<string, unknown> {
  return {
    encodingFormat: format,
    imageOptions: [
      { typeCode: 'label', templateName: 'ECOM26_84_001' },
      { typeCode: 'waybillDoc', templateName: 'ARCH_8X4', isRequested: true, numberOfCopies: 1 },
      ...(isDeclarable(delivery) ? [{ typeCode: 'invoice', isRequested: true, invoiceType: 'commercial' }] : []),
    ],
    splitTransportAndWaybillDocLabels: true,
  };
}

function referencesOf(key: string, spoken: string): { readonly typeCode: string; readonly value: string }[] {
  const people = spokenReferenceOf(spoken);
  return [{ typeCode: 'CU', value: referenceOf(key) }, ...(people === null ? [] : [{ typeCode: 'CO', value: people }])];
}

function descriptionOf({ delivery: { customs, isReturn } }: LabelRequest): string {
  const text = customs?.items[0]?.description.trim() ?? '';
  return (text === '' ? (isReturn ? 'Return' : 'Merchandise') : text).slice(0, lengths.description);
}

function checkDraft({ delivery, format }: LabelRequest): void {
  if (format === 'png') throw notDone('unsupported', operation, 'DHL Express gives no label as PNG', 'Ask for PDF or ZPL.');
  if (delivery.customs?.ifUndeliverable === 'abandon')
    throw notDone(
      'unsupported',
      operation,
      'DHL Express cannot be told beforehand to give up what it cannot deliver',
      'Ask for it to come back.',
    );
}
