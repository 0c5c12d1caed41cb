import type { Sku } from './identity.ts';
import type { Money } from './money.ts';

/** What the customs are told of a parcel that crosses their border. */
export type Customs = {
  readonly contents: 'merchandise' | 'gift' | 'sample' | 'documents' | 'return' | 'other';
  /** Who pays duties: the recipient (`DAP`) or we (`DDP`). */
  readonly incoterm: 'DAP' | 'DDP';
  readonly ifUndeliverable: 'return' | 'abandon';
  readonly invoiceNumber: string | null;
  /** Who signs for the declaration. Personal data. */
  readonly signer: string;
  readonly items: readonly CustomsItem[];
  readonly taxIds: readonly CustomsTaxId[];
};

export type CustomsItem = {
  readonly sku: Sku;
  readonly description: string;
  readonly units: number;
  readonly unitValue: Money;
  readonly unitGrams: number;
  /** Of the Harmonized System, 6 to 10 digits. */
  readonly hsCode: string | null;
  /** ISO 3166 country of origin. */
  readonly origin: string | null;
};

/** `of`: whose number it is. */
export type CustomsTaxId = {
  readonly of: 'sender' | 'recipient';
  readonly type: 'EORI' | 'VAT' | 'IOSS' | 'EIN';
  readonly value: string;
  readonly country: string;
};
