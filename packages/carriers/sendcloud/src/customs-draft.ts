import { decimalOf, type Customs, type CustomsTaxId } from '@quartermaster/domain';
import { notDone } from './faults.ts';

type Json = Readonly<Record<string, unknown>>;

/** Of shipments. Goods that come back have no word of their own there; nor has what is none of these. */
const exportReasons: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'commercial_goods',
  gift: 'gift',
  sample: 'commercial_sample',
  documents: 'documents',
  return: 'commercial_goods',
  other: 'commercial_goods',
};

const invoiceNumberLength = 40;
const descriptionLength = 255;

/** What the customs are told of a shipment, or of a return, which has one reason only. An invoice number is demanded: where there is none, our reference is it. */
export function declarationOf(customs: Customs, given: { readonly reference: string; readonly isReturn: boolean }): Json {
  const numbersOf = (of: CustomsTaxId['of']) =>
    customs.taxIds.filter((id) => id.of === of).map(({ type, value, country }) => ({ name: type, country_code: country, value }));
  return {
    invoice_number: (customs.invoiceNumber ?? given.reference).slice(0, invoiceNumberLength),
    export_reason: given.isReturn ? 'returned_goods' : exportReasons[customs.contents],
    ...(customs.taxIds.length === 0
      ? {}
      : { tax_numbers: { sender: numbersOf('sender'), receiver: numbersOf('recipient'), importer_of_record: [] } }),
  };
}

/** Goods of one kind; amounts are text at shipments and numbers at returns. Throws where something is missing that Sendcloud demands. */
export function itemOf(item: Customs['items'][number], given: { readonly isReturn: boolean }): Json {
  if (item.hsCode === null || item.origin === null)
    throw notDone(
      'invalid-request',
      'label.buy',
      `${item.sku} has no HS code or no country of origin, which Sendcloud demands for the customs`,
      'Complete the product.',
    );
  return {
    description: Array.from(item.description).slice(0, descriptionLength).join('') || item.sku,
    quantity: item.units,
    weight: { value: item.unitGrams, unit: 'g' },
    price: { value: given.isReturn ? Number(decimalOf(item.unitValue)) : decimalOf(item.unitValue), currency: item.unitValue.currency },
    hs_code: item.hsCode,
    origin_country: item.origin.toUpperCase(),
    sku: item.sku,
  };
}
