import { decimalOf, multiplyPrice, type Customs, type CustomsItem } from '@quartermaster/domain';
import { poundsDown } from './measures.ts';

/**
 * The customs form of a domestic label: to and from military and diplomatic post offices and the territories outside the customs area. The exemption is that of goods of up to 2,500 dollars, or of
 * such post offices; an export that has to be filed cannot be told.
 */
export function customsFormOf({ contents, invoiceNumber, items }: Customs): Record<string, unknown> {
  return {
    customsContentType: contentTypes[contents],
    ...(contents === 'other' ? { contentComments: (items[0]?.description ?? 'Goods').slice(0, 25) } : {}),
    AESITN: 'NO EEI 30.37(a)',
    ...(invoiceNumber === null || invoiceNumber === '' ? {} : { invoiceNumber: invoiceNumber.slice(0, 15) }),
    contents: items.map(itemOf),
  };
}

/** Why USPS would not take the declaration, in words; null where nothing is in the way. */
export function customsObstacle({ items }: Customs): string | null {
  if (items.length === 0 || items.length > 30) return 'a customs form has 1 to 30 lines';
  if (items.some(({ unitValue }) => unitValue.currency !== 'USD')) return 'USPS wants values for the customs in US dollars';
  const byCode = Map.groupBy(items, ({ hsCode }) => hsCode);
  const isDear = [...byCode.values()].some((same) => same.reduce((sum, item) => sum + totalOf(item).minor, 0) > exemptMinor);
  return isDear
    ? 'goods of one customs code are worth more than 2,500.00 USD: their export has to be filed, which is not written yet'
    : null;
}

/** Section 30.37(a) of the Foreign Trade Regulations of the United States: goods of one code of up to 2,500 dollars are not filed. */
const exemptMinor = 250_000;

const contentTypes: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'MERCHANDISE',
  gift: 'GIFT',
  sample: 'COMMERCIAL_SAMPLE',
  documents: 'DOCUMENT',
  return: 'RETURNED_GOODS',
  other: 'OTHER',
};

function itemOf(item: CustomsItem): Record<string, unknown> {
  return {
    itemDescription: item.description.slice(0, 30),
    itemQuantity: item.units,
    itemTotalValue: Number(decimalOf(totalOf(item))),
    weightUOM: 'lb',
    itemTotalWeight: poundsDown(item.unitGrams * item.units),
    ...(item.hsCode === null ? {} : { HSTariffNumber: item.hsCode }),
    ...(item.origin === null ? {} : { countryofOrigin: item.origin }),
  };
}

function totalOf({ unitValue, units }: CustomsItem) {
  return multiplyPrice(decimalOf(unitValue), units, unitValue.currency);
}
