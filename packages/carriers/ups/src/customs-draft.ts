import { decimalOf, type Customs, type LabelRequest } from '@quartermaster/domain';
import { addressOf, partyOf } from './translate.ts';

/**
 * The commercial invoice that UPS makes of what the customs are told; null within a customs area, and for documents. On the way back it is the partial invoice, the only form that UPS makes for
 * returns. UPS sends it ahead to the customs where the account is set up for paperless invoices.
 */
export function invoiceFormOf(request: LabelRequest, day: string): Record<string, unknown> | null {
  const { customs, isReturn } = request.delivery;
  if (customs === null || customs.contents === 'documents' || customs.items.length === 0) return null;
  return {
    FormType: [isReturn ? '05' : '01'],
    Contacts: {
      SoldTo: { ...partyOf(request.shipTo), ...soldToPhone(request.shipTo.phone), Address: addressOf(request.shipTo) },
    },
    Product: customs.items.map(({ sku, description, units, unitValue, hsCode, origin }) => ({
      Description: inPieces(description),
      Unit: { Number: String(units), UnitOfMeasurement: { Code: 'PCS' }, Value: decimalOf(unitValue) },
      ...(hsCode === null ? {} : { CommodityCode: hsCode.replaceAll(/[^A-Za-z0-9]/g, '') }),
      PartNumber: sku.slice(0, 35),
      ...(origin === null ? {} : { OriginCountryCode: origin }),
    })),
    InvoiceNumber: (customs.invoiceNumber ?? request.reference).slice(0, 35),
    InvoiceDate: day,
    TermsOfShipment: customs.incoterm,
    ReasonForExport: reasons[customs.contents],
    CurrencyCode: customs.items[0]?.unitValue.currency,
  };
}

const reasons: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'SALE',
  gift: 'GIFT',
  sample: 'SAMPLE',
  documents: 'INTERCOMPANYDATA',
  return: 'RETURN',
  other: 'OTHER',
};

/** The first number of ours (or of the recipient) that is no IOSS number: UPS has room for one. */
export function taxIdOf(customs: Customs | null, of: 'sender' | 'recipient'): { readonly TaxIdentificationNumber?: string } {
  const id = customs?.taxIds.find((each) => each.of === of && each.type !== 'IOSS');
  return id === undefined ? {} : { TaxIdentificationNumber: id.value.slice(0, 15) };
}

/** The IOSS number under which the value added tax of a parcel into the European Union is paid already (`0356`). */
export function vendorOf(customs: Customs | null): Record<string, unknown> {
  const ioss = customs?.taxIds.find(({ of, type }) => of === 'sender' && type === 'IOSS');
  return ioss === undefined ? {} : { VendorInfo: { VendorCollectIDTypeCode: '0356', VendorCollectIDNumber: ioss.value } };
}

/** At most three pieces of 35 characters. */
function inPieces(text: string): string[] {
  return [0, 35, 70].map((from) => text.slice(from, from + 35)).filter((piece) => piece !== '');
}

function soldToPhone(phone: string | null): Record<string, unknown> {
  const digits = phone?.replaceAll(/[^0-9]/g, '').slice(0, 15) ?? '';
  return digits === '' ? {} : { Phone: { Number: digits } };
}
