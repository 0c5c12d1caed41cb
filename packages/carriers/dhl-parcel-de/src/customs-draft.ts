import { decimalOf, type Customs, type LabelRequest, type Money } from '@quartermaster/domain';
import { threeLetterCountry } from './countries.ts';
import { notDone } from './faults.ts';
import { lengths } from './limits.ts';
import type { Draft } from './party.ts';

/**
 * What DHL tells the customs (CN23). The whole declaration is in one currency. `postage` are the "postal charges" that the value for the customs is raised by: what the label costs, as nobody tells us
 * what the customer was charged for it.
 */
export function customsOf(
  customs: Customs,
  given: { readonly request: LabelRequest; readonly postage: Money; readonly operation: string },
): Draft {
  const { postage, operation } = given;
  const currency = currencyOf(customs, operation);
  if (currency !== postage.currency)
    throw notDone(
      'invalid-request',
      operation,
      `the goods are declared in ${currency} and the tariff is in ${postage.currency}: DHL wants one currency for both`,
      `Give their value in ${postage.currency}.`,
    );
  const descriptions = customs.items.map(({ description }) => description).join(', ');
  return {
    exportType: exportTypes[customs.contents],
    ...(customs.contents === 'other' ? { exportDescription: descriptions.slice(0, lengths.exportDescription) } : {}),
    ...(customs.invoiceNumber === null ? {} : { invoiceNo: customs.invoiceNumber.slice(0, lengths.invoice) }),
    postalCharges: valueOf(postage),
    ...numberOf(customs, 'sender', 'shipperCustomsRef'),
    ...numberOf(customs, 'recipient', 'consigneeCustomsRef'),
    items: customs.items.map((item) => itemOf(item, lengths.item)),
  };
}

/** What the Returns API wants for a parcel that comes back over a customs border. */
export function returnCustomsOf(customs: Customs): Draft {
  return { items: customs.items.map((item) => itemOf(item, lengths.returnItem)) };
}

export function itemOf(item: Customs['items'][number], longest: number): Draft {
  const hsCode = item.hsCode?.replaceAll(/\D/g, '') ?? '';
  const origin = item.origin === null ? null : threeLetterCountry(item.origin);
  return {
    itemDescription: item.description.slice(0, longest),
    ...(origin === null ? {} : { countryOfOrigin: origin }),
    ...(hsCode.length < 6 ? {} : { hsCode: hsCode.slice(0, 11) }),
    packagedQuantity: item.units,
    itemValue: valueOf(item.unitValue),
    itemWeight: { uom: 'g', value: Math.max(1, Math.ceil(item.unitGrams)) },
  };
}

/** DHL has amounts as JSON numbers. */
export function valueOf(amount: Money): Draft {
  return { currency: amount.currency, value: Number(decimalOf(amount)) };
}

function currencyOf({ items }: Customs, operation: string): string {
  const [currency, ...others] = new Set(items.map(({ unitValue }) => unitValue.currency));
  if (currency === undefined) throw notDone('invalid-request', operation, 'the customs declaration has no goods');
  if (others.length > 0) throw notDone('invalid-request', operation, 'the goods are declared in several currencies and DHL wants one');
  return currency;
}

const exportTypes: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'COMMERCIAL_GOODS',
  gift: 'PRESENT',
  sample: 'COMMERCIAL_SAMPLE',
  documents: 'DOCUMENT',
  return: 'RETURN_OF_GOODS',
  other: 'OTHER',
};

/** DHL has room for one number of each side: IOSS before EORI before the others. */
function numberOf({ taxIds }: Customs, of: 'sender' | 'recipient', name: string): Draft {
  const numbers = taxIds.filter((id) => id.of === of);
  const chosen = numbers.find(({ type }) => type === 'IOSS') ?? numbers.find(({ type }) => type === 'EORI') ?? numbers[0];
  return chosen === undefined ? {} : { [name]: chosen.value.slice(0, 35) };
}
