import { plainDelivery, type Address, type Customs, type LabelRequest } from '@quartermaster/domain';

/** An address in San Francisco. */
export function sampleAddress(name: string, line: string, email: string | null = null): Address {
  return {
    name,
    company: null,
    lines: [line],
    postalCode: '94104',
    city: 'San Francisco',
    region: 'CA',
    country: 'US',
    phone: '4155550132',
    email,
  };
}

/** A parcel of one kilogram from our dock to Ada within San Francisco, without anything special. */
export function sampleRequest(given: Pick<LabelRequest, 'service' | 'format' | 'shipAt'> & Partial<LabelRequest>): LabelRequest {
  return {
    shipFrom: sampleAddress('Quartermaster Berth 7', '1 Dock Road'),
    shipTo: sampleAddress('Ada Lovelace', '12 Harbor Drive'),
    parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
    delivery: plainDelivery,
    reference: 'S00042 1/1',
    priceLimit: null,
    ...given,
  };
}

/** A dock in New York, with everything that an address may have; a customer across the country, and one across the ocean. */
export const newYorkDock: Address = {
  name: 'Berth 7',
  company: 'Quartermaster',
  lines: ['1 Dock Road'],
  postalCode: '10001-1234',
  city: 'New York',
  region: 'NY',
  country: 'US',
  phone: '+1 (212) 555-0132',
  email: 'dock@example.com',
};
export const ada: Address = {
  ...newYorkDock,
  name: 'Ada Lovelace',
  company: null,
  lines: ['12 Harbor Drive', 'Apt 3'],
  postalCode: '94104',
  city: 'San Francisco',
  region: 'CA',
  email: null,
};
export const konrad: Address = {
  ...ada,
  name: 'Konrad Zuse',
  lines: ['Methfesselstraße 7'],
  postalCode: '10965',
  city: 'Berlin',
  region: null,
  country: 'DE',
};

/** What the customs want to know of two mugs. */
export function mugCustoms(currency: string, origin: string, taxIds: Customs['taxIds']): Customs {
  return {
    contents: 'merchandise',
    incoterm: 'DDP',
    ifUndeliverable: 'return',
    invoiceNumber: 'INV/7',
    signer: 'Grace Hopper',
    items: [
      {
        sku: 'MUG',
        description: 'Mug of stoneware, glazed in blue, with a handle',
        units: 2,
        unitValue: { minor: 1_250, currency },
        unitGrams: 400,
        hsCode: '6912.00',
        origin,
      },
    ],
    taxIds,
  };
}
