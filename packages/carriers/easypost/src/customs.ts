import { decimalOf, multiplyPrice, sumMoney, type Customs, type CustomsItem } from '@quartermaster/domain';
import { ouncesDown } from './measures.ts';

/** What EasyPost is told for the customs: `customs_info`, and beside it whose tax numbers hold. */
export type CustomsDraft = {
  readonly customs_info: {
    readonly contents_type: string;
    readonly contents_explanation?: string;
    readonly customs_certify: true;
    readonly customs_signer: string;
    readonly eel_pfc?: string;
    readonly non_delivery_option: 'return' | 'abandon';
    readonly restriction_type: 'none';
    readonly customs_items: readonly CustomsItemDraft[];
  };
  readonly tax_identifiers?: readonly {
    readonly entity: 'SENDER' | 'RECEIVER';
    readonly tax_id_type: string;
    readonly tax_id: string;
    readonly issuing_country: string;
  }[];
};

/** Value and weight are of all units together (EasyPost's customs items). */
type CustomsItemDraft = {
  readonly description: string;
  readonly quantity: number;
  readonly value: number;
  readonly currency: string;
  readonly weight: number;
  readonly code: string;
  readonly hs_tariff_number?: string;
  readonly origin_country?: string;
};

type Lane = { readonly from: string; readonly to: string };

export function customsOf(customs: Customs, lane: Lane): CustomsDraft {
  const exemption = exportExemption(lane);
  return {
    customs_info: {
      contents_type: contentsTypes[customs.contents],
      ...(customs.contents === 'other' ? { contents_explanation: customs.items.map(({ description }) => description).join(', ') } : {}),
      customs_certify: true,
      customs_signer: customs.signer,
      ...(exemption === null ? {} : { eel_pfc: exemption }),
      non_delivery_option: customs.ifUndeliverable,
      restriction_type: 'none',
      customs_items: customs.items.map(itemOf),
    },
    ...(customs.taxIds.length === 0
      ? {}
      : {
          tax_identifiers: customs.taxIds.map(({ of, type, value, country }) => ({
            entity: of === 'sender' ? 'SENDER' : 'RECEIVER',
            tax_id_type: type,
            tax_id: value,
            issuing_country: country,
          })),
        }),
  };
}

/** Why the customs of the United States would not let it out by an exemption, which is all that we can claim; null where nothing is in the way. */
export function exportObstacle(customs: Customs, lane: Lane): string | null {
  if (exportExemption(lane) !== byValue) return null;
  const codes = new Set(customs.items.map(({ hsCode }) => hsCode));
  const dear = [...codes].some((code) => {
    const items = customs.items.filter((item) => item.hsCode === code && item.unitValue.currency === 'USD');
    return sumMoney(items.map(totalValue), 'USD').minor > exemptMinor;
  });
  return dear
    ? 'goods of one customs code are worth more than 2,500.00 USD, and their export has to be filed (AES), which is not written yet'
    : null;
}

const contentsTypes: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'merchandise',
  gift: 'gift',
  sample: 'sample',
  documents: 'documents',
  return: 'returned_goods',
  other: 'other',
};

/** Exemptions of the Foreign Trade Regulations of the United States: to Canada, and for goods of up to 2,500 dollars of one code. */
const toCanada = 'NOEEI 30.36';
const byValue = 'NOEEI 30.37(a)';
const exemptMinor = 250_000;

function exportExemption({ from, to }: Lane): string | null {
  if (from !== 'US') return null;
  return to === 'CA' ? toCanada : byValue;
}

function itemOf(item: CustomsItem): CustomsItemDraft {
  return {
    description: item.description,
    quantity: item.units,
    value: Number(decimalOf(totalValue(item))),
    currency: item.unitValue.currency,
    // Rounded down, because what is inside must not weigh more than the parcel: carriers refuse that.
    weight: ouncesDown(item.unitGrams * item.units),
    code: item.sku,
    ...(item.hsCode === null ? {} : { hs_tariff_number: item.hsCode }),
    ...(item.origin === null ? {} : { origin_country: item.origin }),
  };
}

function totalValue({ unitValue, units }: CustomsItem) {
  return multiplyPrice(decimalOf(unitValue), units, unitValue.currency);
}
