import type { LabelFormat, LabelRequest } from '@quartermaster/domain';
import { addressObstacle, labelAddressOf } from './address.ts';
import { customsFormOf, customsObstacle } from './customs-form.ts';
import { extraServicesOf, insuredDollars } from './extra-services.ts';
import { referenceLength } from './limits.ts';
import { measuresOf } from './options.ts';
import { mailClassFor } from './services.ts';

/** What a label is sold by, as it was priced. Kept with the purchase: under one key USPS wants the same words again. */
export type Terms = {
  readonly mailClass: string;
  readonly rateIndicator: string;
  readonly processingCategory: string;
  /** ISO day at the node. */
  readonly mailingDate: string;
};

/** What a purchase says, or with {@link LabelRequest.delivery} of a return, its return label. */
export function labelDraftOf(request: LabelRequest, terms: Terms): Record<string, unknown> {
  const { delivery } = request;
  const { isReturn } = delivery;
  const mailClass = mailClassFor(terms.mailClass, isReturn);
  const value = insuredDollars(delivery);
  const reference = request.reference.trim().slice(0, referenceLength);
  return {
    imageInfo: imageOf(request.format),
    toAddress: labelAddressOf(request.shipTo),
    fromAddress: labelAddressOf(request.shipFrom),
    packageDescription: {
      mailClass,
      rateIndicator: terms.rateIndicator,
      processingCategory: terms.processingCategory,
      weightUOM: 'lb',
      dimensionsUOM: 'in',
      ...measuresOf(request.parcel),
      ...(isReturn ? {} : { mailingDate: terms.mailingDate, destinationEntryFacilityType: 'NONE' }),
      extraServices: extraServicesOf(delivery, mailClass),
      ...(value === null ? {} : { packageOptions: { packageValue: value } }),
      ...(reference === '' ? {} : { customerReference: [{ referenceNumber: reference, printReferenceNumber: true }] }),
    },
    ...(delivery.customs === null ? {} : { customsForm: customsFormOf(delivery.customs) }),
  };
}

/** What is wanted of the picture: four by six inches, without a receipt; postage is not printed on it. */
export function imageOf(format: LabelFormat): Record<string, unknown> {
  return { imageType: imageTypes[format], labelType: '4X6LABEL', receiptOption: 'NONE', suppressPostage: true };
}

/** Zebra's language at 203 dots per inch. */
export const imageTypes: Readonly<Record<LabelFormat, string>> = { pdf: 'PDF', zpl: 'ZPL203DPI', png: 'PNG' };

/** Why USPS would not take such a shipment at all, in words without anything of its people; null where nothing is in the way. */
export function obstacleOf({
  shipFrom,
  shipTo,
  parcel,
  delivery,
}: Pick<LabelRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'delivery'>): string | null {
  if (parcel.millimetres === null) return 'USPS prices no parcel whose sides it does not know';
  if (delivery.insured !== null && delivery.insured.currency !== 'USD') return 'USPS insures in US dollars';
  return addressObstacle(shipFrom) ?? addressObstacle(shipTo) ?? (delivery.customs === null ? null : customsObstacle(delivery.customs));
}
