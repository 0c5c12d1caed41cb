import { addDays } from '@quartermaster/domain';
import type { AddressBody, LabelBody } from './requests.ts';
import { lengthAndGirth, mostInches, mostPounds, quote, type Quoted, type SandboxService } from './tariff.ts';

/** Code of USPS's error inventory, parameter and words. */
export type Refusal = readonly [code: string, parameter: string, detail: string];

/** Why USPS does not make such a label, or what it costs. */
export function judged(
  body: LabelBody,
  given: {
    readonly isReturn: boolean;
    readonly services: readonly SandboxService[];
    readonly hasContract: boolean;
    readonly today: string;
  },
): { readonly refusal: Refusal } | { readonly price: Quoted; readonly mailingDate: string } {
  const { imageInfo, packageDescription: piece, customsForm } = body;
  const mailingDate = piece.mailingDate ?? given.today;
  const refusal =
    addressRefusal('toAddress', body.toAddress) ??
    addressRefusal('fromAddress', body.fromAddress) ??
    pieceRefusal(body, given) ??
    dayRefusal(piece.mailingDate, given) ??
    (imageInfo?.receiptOption === 'SAME_PAGE' && imageInfo.imageType.startsWith('ZPL')
      ? ([
          '160009',
          'imageInfo.imageType, imageInfo.receiptOption',
          'ZPL format does not support same page receipt functionality.',
        ] as const)
      : null) ??
    (customsForm !== undefined && !['PDF', 'TIFF', 'ZPL203DPI', 'ZPL300DPI'].includes(imageInfo?.imageType ?? 'PDF')
      ? (['160024', 'imageInfo.imageType', 'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.'] as const)
      : null);
  if (refusal !== null) return { refusal };
  const extras = piece.extraServices ?? [];
  const value = piece.packageOptions?.packageValue ?? null;
  const quotes = given.services
    .filter(({ mailClass }) => mailClass === piece.mailClass)
    .map((service) => quote(service, piece, { mailingDate, extras, value, hasContract: given.hasContract }));
  if (quotes.includes(null)) {
    if (extras.some((code) => code === 930 || code === 931) && value === null)
      return { refusal: ['160017', 'packageDescription/packageOptions', 'packageValue is required with insurance(extraService = 930)'] };
    return {
      refusal: [
        '160010',
        'packageDescription.mailClass, packageDescription.extraServices',
        `Mailclass : ${piece.mailClass} with ExtraServices: ${extras.join(', ')} is an unsupported combination.`,
      ],
    };
  }
  const price = quotes.find((quoted) => quoted?.rateIndicator === piece.rateIndicator);
  if (price) {
    if (price.processingCategory === 'NONSTANDARD' && piece.processingCategory === 'MACHINABLE')
      return { refusal: ['030011', '', 'Package was marked as machinable, but is nonmachinable'] };
    return { price, mailingDate };
  }
  if (quotes.some((quoted) => quoted?.rateIndicator === 'DR'))
    return {
      refusal: [
        '030007',
        '',
        'Package dimensions and weight result in dimensional weight rule applying, but rate ingredients are not dimensional.',
      ],
    };
  return { refusal: ['030002', 'packageDescription', 'Could not find working sku from SSF ingredients'] };
}

/** Whether USPS's book of addresses has it: every house that does not begin with a zero. */
export function isKnown({ streetAddress, ZIPCode }: Pick<AddressBody, 'streetAddress' | 'ZIPCode'>): boolean {
  return /^([1-9]\d*|PO BOX|PSC) /i.test(streetAddress) && ZIPCode !== '00000';
}

function addressRefusal(name: string, address: AddressBody): Refusal | null {
  if ((address.firstName === undefined || address.lastName === undefined) && !address.firm)
    return ['160075', 'firstName, lastName, firm', 'firstName and lastName or firm name are required'];
  return isKnown(address) ? null : ['010005', name, 'Address Not Found'];
}

function pieceRefusal(
  { customsForm, fromAddress, packageDescription: piece, toAddress }: LabelBody,
  { isReturn, services }: { readonly isReturn: boolean; readonly services: readonly SandboxService[] },
): Refusal | null {
  if (piece.mailClass.endsWith('_RETURN_SERVICE') !== isReturn || !services.some(({ mailClass }) => mailClass === piece.mailClass))
    return ['160090', 'packageDescription.mailClass', `${piece.mailClass} is not a valid mailClass`];
  if (piece.weight > mostPounds)
    return [
      '160098',
      'packageDescription.weight, packageDescription.mailClass',
      `Weight should be greater than 0 LB and should not exceed ${mostPounds} LB`,
    ];
  if (lengthAndGirth(piece) > mostInches)
    return ['030008', 'length, height, width ,mailClass', 'Package size exceeds maximum allowed for mail class'];
  if (!isReturn && piece.destinationEntryFacilityType === undefined)
    return ['160092', 'packageDescription.destinationEntryFacilityType', 'must not be null'];
  const isMilitary = [fromAddress, toAddress].some(({ state }) => ['AA', 'AE', 'AP'].includes(state));
  return isMilitary && customsForm === undefined ? ['160120', 'toAddress', 'Military ZIP Code requires a customs form'] : null;
}

function dayRefusal(
  mailingDate: string | undefined,
  { isReturn, today }: { readonly isReturn: boolean; readonly today: string },
): Refusal | null {
  if (mailingDate === undefined) return isReturn ? null : ['160092', 'packageDescription.mailingDate', 'unable to parse mailingDate'];
  return mailingDate < today || mailingDate > addDays(today, 7)
    ? ['160001', 'packageDescription.mailingDate', 'cannot be in the past or more than 7 days in the future']
    : null;
}

/** USPS's names of pictures that the sandbox makes. */
const imageTypes = ['PDF', 'ZPL203DPI', 'ZPL300DPI', 'PNG'] as const;
export type ImageType = (typeof imageTypes)[number];

export function isMade(type: string): type is ImageType {
  return imageTypes.some((known) => known === type);
}
