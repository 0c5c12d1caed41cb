import { localDate, type Customs, type LabelRequest } from '@quartermaster/domain';
import { notDone } from './faults.ts';
import { lengths } from './limits.ts';
import { kilograms, numberOf } from './translate.ts';

const operation = 'shipment.buy';

/**
 * What the customs are told, from which DHL makes the invoice. Throws `invalid-request` where there are no goods, and where one names no country of origin, which DHL demands.
 */
export function exportDeclarationOf(request: LabelRequest, customs: Customs, zone: string): Record<string, unknown> {
  const reason = reasons[customs.contents];
  checkItems(customs);
  return {
    lineItems: customs.items.map(({ description, units, unitValue, unitGrams, hsCode, origin }, index) => {
      // Of all units of the line: DHL does not multiply.
      const weight = kilograms(Math.max(1, units * unitGrams));
      return {
        number: index + 1,
        description: description.slice(0, lengths.itemDescription),
        price: numberOf(unitValue),
        quantity: { value: units, unitOfMeasurement: 'PCS' },
        ...(hsCode === null ? {} : { commodityCodes: [{ typeCode: 'outbound', value: hsCode }] }),
        exportReasonType: reason,
        manufacturerCountry: origin,
        weight: { netValue: weight, grossValue: weight },
      };
    }),
    invoice: {
      number: (customs.invoiceNumber ?? request.reference).slice(0, lengths.reference),
      date: localDate(request.shipAt, zone),
      signatureName: customs.signer.slice(0, lengths.signature),
    },
    exportReasonType: reason,
    shipmentType: customs.contents === 'gift' ? 'personal' : 'commercial',
  };
}

const reasons: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'commercial_purpose_or_sale',
  gift: 'gift',
  sample: 'sample',
  documents: 'permanent',
  return: 'return',
  other: 'permanent',
};

function checkItems({ items }: Customs): void {
  const refuse = (message: string, advice: string) => notDone('invalid-request', operation, message, advice);
  if (items.length === 0) throw refuse('the customs are to be told of goods, and there are none', 'Add what is in the parcel.');
  const unknown = items.find(({ origin }) => origin === null);
  if (unknown !== undefined) throw refuse(`DHL Express wants the country of origin of ${unknown.sku}`, 'Add it to the product.');
}
