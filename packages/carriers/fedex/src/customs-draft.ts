import { sumMoney, type Customs, type CustomsTaxId, type DeliveryTerms } from '@quartermaster/domain';
import { amountOf, weightOf } from './translate.ts';

type Given = { readonly weight: 'LB' | 'KG'; readonly accountNumber: string };

/**
 * What the customs are told; null within a customs area. `forRating` leaves out what FedEx does not take there: who pays the duties unless it is us, and the papers.
 */
export function customsDraftOf(
  { customs, isReturn }: DeliveryTerms,
  { weight, accountNumber }: Given,
  forRating: boolean,
): Record<string, unknown> | null {
  const [first] = customs?.items ?? [];
  if (customs === null || first === undefined) return null;
  const payor = { payor: { responsibleParty: { accountNumber: { value: accountNumber } } } };
  const duties =
    customs.incoterm === 'DDP'
      ? { dutiesPayment: { paymentType: 'SENDER', ...(forRating ? {} : payor) } }
      : forRating
        ? {}
        : { dutiesPayment: { paymentType: 'RECIPIENT' } };
  const value = sumMoney(
    customs.items.map(({ units, unitValue }) => ({ ...unitValue, minor: units * unitValue.minor })),
    first.unitValue.currency,
  );
  return {
    ...duties,
    commercialInvoice: {
      shipmentPurpose: isReturn ? 'REPAIR_AND_RETURN' : purposes[customs.contents],
      ...(forRating
        ? {}
        : {
            originatorName: customs.signer.slice(0, 70),
            termsOfSale: customs.incoterm,
            ...(customs.invoiceNumber === null
              ? {}
              : { customerReferences: [{ customerReferenceType: 'INVOICE_NUMBER', value: customs.invoiceNumber.slice(0, 30) }] }),
          }),
    },
    ...(forRating ? {} : { isDocumentOnly: customs.contents === 'documents', totalCustomsValue: amountOf(value) }),
    commodities: customs.items.map(({ sku, description, units, unitValue, unitGrams, hsCode, origin }) => ({
      description: description.slice(0, 450),
      partNumber: sku.slice(0, 20),
      numberOfPieces: units,
      quantity: units,
      quantityUnits: 'PCS',
      weight: weightOf(unitGrams * units, weight, 2),
      unitPrice: amountOf(unitValue),
      customsValue: amountOf({ ...unitValue, minor: units * unitValue.minor }),
      ...(hsCode === null ? {} : { harmonizedCode: hsCode.replaceAll(/[^0-9A-Za-z]/g, '') }),
      ...(origin === null ? {} : { countryOfManufacture: origin }),
    })),
  };
}

/** FedEx's purposes of a commercial invoice. */
const purposes: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'SOLD',
  gift: 'GIFT',
  sample: 'SAMPLE',
  documents: 'NOT_SOLD',
  return: 'REPAIR_AND_RETURN',
  other: 'NOT_SOLD',
};

/** Numbers that the customs know somebody by. An IOSS number is one of a union, as FedEx calls the European one. */
export function tinsOf(customs: Customs | null, of: CustomsTaxId['of']): { readonly tins?: readonly Record<string, unknown>[] } {
  const tins = (customs?.taxIds ?? [])
    .filter((each) => each.of === of)
    .map(({ type, value }) => ({ number: value.slice(0, 18), tinType: tinTypes[type] }));
  return tins.length === 0 ? {} : { tins };
}

const tinTypes: Readonly<Record<CustomsTaxId['type'], string>> = {
  EIN: 'FEDERAL',
  EORI: 'BUSINESS_NATIONAL',
  VAT: 'BUSINESS_NATIONAL',
  IOSS: 'BUSINESS_UNION',
};
