import { decimalOf, type LabelRequest } from '@quartermaster/domain';
import { addressDraftOf } from './address-draft.ts';
import { declarationOf, itemOf } from './customs-draft.ts';
import type { Offer } from './options.ts';

/** A return of one parcel. Its order number is the reference of the purchase: it is all that Sendcloud's list of returns shows of ours. */
export function returnDraftOf(
  request: LabelRequest,
  given: { readonly offer: Offer; readonly externalReference: string },
): Readonly<Record<string, unknown>> {
  const { parcel, delivery } = request;
  const { customs } = delivery;
  const { option } = given.offer;
  return {
    from_address: addressDraftOf(request.shipFrom, 'sender'),
    to_address: addressDraftOf(request.shipTo, 'recipient'),
    ship_with: {
      type: 'shipping_option_code',
      shipping_option_code: option.code,
      ...(option.contract ? { contract: option.contract.id } : {}),
    },
    weight: { value: parcel.grams, unit: 'g' },
    ...(parcel.millimetres === null
      ? {}
      : { dimensions: { length: parcel.millimetres[0], width: parcel.millimetres[1], height: parcel.millimetres[2], unit: 'mm' } }),
    ...(delivery.insured === null
      ? {}
      : { total_insured_value: { value: Number(decimalOf(delivery.insured)), currency: delivery.insured.currency } }),
    ...(customs === null
      ? {}
      : {
          customs_information: declarationOf(customs, { reference: request.reference, isReturn: true }),
          parcel_items: customs.items.map((item) => itemOf(item, { isReturn: true })),
        }),
    order_number: given.externalReference,
    external_reference: given.externalReference,
    send_tracking_emails: false,
    apply_rules: false,
  };
}
