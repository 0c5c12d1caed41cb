import {
  decimalOf,
  epochMs,
  type Address,
  type Customs,
  type DeliveryTerms,
  type Instant,
  type LabelRequest,
  type Money,
} from '@quartermaster/domain';

type Json = Readonly<Record<string, unknown>>;

/** What a shipment is, for rating and for buying alike: what was priced is what is bought. */
export type Shipping = Pick<LabelRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'shipAt' | 'delivery'>;

export type ShipmentOptions = {
  /** Stands for the address that parcels go from: manifests are made of warehouses only. */
  readonly warehouseId: string | null;
  /** Who insures; for parcels with an insured value only. */
  readonly insurance: 'carrier' | 'shipsurance' | 'third_party';
  readonly now: Instant;
};

/** A shipment in ShipEngine's words. A ship date that is past is made now: carriers refuse it. */
export function shipmentOf(request: Shipping, options: ShipmentOptions, reference: string | null): Json {
  const { shipFrom, shipTo, parcel, shipAt, delivery } = request;
  const { customs } = delivery;
  const fromWarehouse = options.warehouseId !== null && !delivery.isReturn;
  const advanced = advancedOf(delivery);
  return {
    ship_date: epochMs(shipAt) < epochMs(options.now) ? options.now : shipAt,
    ship_to: addressOf(shipTo),
    ...(fromWarehouse ? { warehouse_id: options.warehouseId } : { ship_from: addressOf(shipFrom) }),
    ...(delivery.isReturn ? { is_return: true } : {}),
    confirmation: confirmations[delivery.signature],
    ...(customs === null ? {} : { customs: declarationOf(customs) }),
    ...(customs === null || customs.taxIds.length === 0 ? {} : { tax_identifiers: customs.taxIds.map(taxIdOf) }),
    ...(Object.keys(advanced).length === 0 ? {} : { advanced_options: advanced }),
    insurance_provider: delivery.insured === null ? 'none' : options.insurance,
    packages: [
      {
        package_code: 'package',
        weight: { value: parcel.grams, unit: 'gram' },
        ...(parcel.millimetres === null ? {} : { dimensions: dimensionsOf(parcel.millimetres) }),
        ...(delivery.insured === null ? {} : { insured_value: moneyOf(delivery.insured) }),
        ...(reference === null ? {} : { label_messages: { reference1: reference, reference2: null, reference3: null } }),
        ...(customs === null ? {} : { products: customs.items.map(productOf) }),
      },
    ],
  };
}

/** An address in ShipEngine's words; what is empty is left out, because it refuses empty texts. Lines beyond the third go with the third. */
export function addressOf(address: Address): Json {
  const [line1 = '', line2 = '', ...others] = address.lines.filter((line) => line.trim() !== '');
  const parts = {
    name: address.name,
    phone: address.phone,
    email: address.email,
    company_name: address.company,
    address_line1: line1,
    address_line2: line2,
    address_line3: others.join(', '),
    city_locality: address.city,
    state_province: address.region,
    postal_code: address.postalCode,
    country_code: address.country.toUpperCase(),
  };
  return Object.fromEntries(Object.entries(parts).flatMap(([key, value]) => (value === null || value === '' ? [] : [[key, value]])));
}

const confirmations: Readonly<Record<DeliveryTerms['signature'], string>> = {
  none: 'none',
  anyone: 'signature',
  adult: 'adult_signature',
};

function advancedOf({ onSaturday, customs }: DeliveryTerms): Json {
  return {
    ...(onSaturday ? { saturday_delivery: true } : {}),
    ...(customs?.incoterm === 'DDP' ? { delivered_duty_paid: true } : {}),
    ...(customs === null || customs.invoiceNumber === null ? {} : { invoice_number: customs.invoiceNumber }),
  };
}

const contents: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'merchandise',
  gift: 'gift',
  sample: 'sample',
  documents: 'documents',
  return: 'returned_goods',
  other: 'other',
};

/** Who signs has no field of its own: carriers take the sender. What is declared stands in the packages (`customs_items` is deprecated). */
function declarationOf(customs: Customs): Json {
  return {
    contents: contents[customs.contents],
    non_delivery: customs.ifUndeliverable === 'return' ? 'return_to_sender' : 'treat_as_abandoned',
    terms_of_trade_code: customs.incoterm.toLowerCase(),
    ...(customs.invoiceNumber === null ? {} : { invoice_additional_details: { invoice_number: customs.invoiceNumber } }),
  };
}

/** Longest description of a product (schema `products`). */
const descriptionLength = 100;

function productOf(item: Customs['items'][number]): Json {
  return {
    description: Array.from(item.description).slice(0, descriptionLength).join(''),
    quantity: item.units,
    value: moneyOf(item.unitValue),
    weight: { value: item.unitGrams, unit: 'gram' },
    sku: item.sku,
    ...(item.hsCode === null ? {} : { harmonized_tariff_code: item.hsCode }),
    ...(item.origin === null ? {} : { country_of_origin: item.origin }),
  };
}

function taxIdOf({ of, type, value, country }: Customs['taxIds'][number]): Json {
  return {
    taxable_entity_type: of === 'sender' ? 'shipper' : 'recipient',
    identifier_type: type.toLowerCase(),
    issuing_authority: country,
    value,
  };
}

/** Amounts are numbers on the wire; a decimal text of two or three places comes through as itself. */
function moneyOf(amount: Money): Json {
  return { currency: amount.currency.toLowerCase(), amount: Number(decimalOf(amount)) };
}

/** Centimetres with one decimal are millimetres exactly. */
function dimensionsOf([length, width, height]: readonly [number, number, number]): Json {
  return { unit: 'centimeter', length: length / 10, width: width / 10, height: height / 10 };
}
