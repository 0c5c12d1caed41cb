import { decimalOf, multiplyPrice, sumMoney, type Customs, type CustomsItem } from '@quartermaster/domain';

type Lane = { readonly from: string; readonly to: string };

/** What Shippo is told for the customs, as a part of the shipment. Weight and value of an item are of all its units (Shippo's customs items). */
export function customsOf(customs: Customs, lane: Lane): Readonly<Record<string, unknown>> {
  const exemption = exportExemption(lane);
  const eori = customs.taxIds.find(({ type }) => type === 'EORI');
  const taxId = customs.taxIds.find(({ type }) => type !== 'EORI');
  return {
    certify: true,
    certify_signer: customs.signer,
    contents_type: contentsTypes[customs.contents],
    ...(customs.contents === 'other' ? { contents_explanation: customs.items.map(({ description }) => description).join(', ') } : {}),
    non_delivery_option: customs.ifUndeliverable === 'return' ? 'RETURN' : 'ABANDON',
    // Shippo takes DAP of two carriers only, and asks to write DDU for the others (its customs declaration).
    incoterm: customs.incoterm === 'DAP' ? 'DDU' : customs.incoterm,
    ...(exemption === null ? {} : { eel_pfc: exemption }),
    ...(customs.invoiceNumber === null ? {} : { invoice: customs.invoiceNumber }),
    ...(eori === undefined && taxId === undefined
      ? {}
      : {
          exporter_identification: {
            ...(eori === undefined ? {} : { eori_number: eori.value }),
            ...(taxId === undefined ? {} : { tax_id: { number: taxId.value, type: taxId.type } }),
          },
        }),
    items: customs.items.map(itemOf),
  };
}

/** Why these goods cannot be declared by Shippo, in words; null where they can. */
export function customsObstacle(customs: Customs, lane: Lane): string | null {
  if (customs.items.some(({ origin }) => origin === null))
    return 'Shippo needs the country of origin of everything that crosses a customs border';
  if (customs.taxIds.some(({ of }) => of === 'recipient')) return 'Shippo takes no tax number of the recipient';
  const others = customs.taxIds.filter(({ type }) => type !== 'EORI');
  if (others.length > 1 || customs.taxIds.length - others.length > 1)
    return 'Shippo takes one EORI number and one other tax number of the sender';
  return exportObstacle(customs, lane);
}

/** Why the customs of the United States would not let it out by an exemption, which is all that we can claim; null where nothing is in the way. */
function exportObstacle(customs: Customs, lane: Lane): string | null {
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
  merchandise: 'MERCHANDISE',
  gift: 'GIFT',
  sample: 'SAMPLE',
  documents: 'DOCUMENTS',
  return: 'RETURN_MERCHANDISE',
  other: 'OTHER',
};

/** Exemptions of the Foreign Trade Regulations of the United States, in Shippo's words: to Canada, and for goods of up to 2,500 dollars of one code. */
const toCanada = 'NOEEI_30_36';
const byValue = 'NOEEI_30_37_a';
const exemptMinor = 250_000;

function exportExemption({ from, to }: Lane): string | null {
  if (from !== 'US') return null;
  return to === 'CA' ? toCanada : byValue;
}

function itemOf(item: CustomsItem): Readonly<Record<string, unknown>> {
  return {
    description: item.description,
    quantity: item.units,
    net_weight: String(item.unitGrams * item.units),
    mass_unit: 'g',
    value_amount: decimalOf(totalValue(item)),
    value_currency: item.unitValue.currency,
    origin_country: item.origin,
    sku_code: item.sku,
    ...(item.hsCode === null ? {} : { tariff_number: item.hsCode }),
  };
}

function totalValue({ unitValue, units }: CustomsItem) {
  return multiplyPrice(decimalOf(unitValue), units, unitValue.currency);
}
