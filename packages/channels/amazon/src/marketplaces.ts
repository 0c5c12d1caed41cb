/** What is true of a marketplace whatever order comes from it. */
export type Marketplace = {
  /** ISO 3166 code of two letters. */
  readonly country: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Whether the prices that customers see hold the tax: value added tax does, North American sales tax comes on top. */
  readonly taxesIncluded: boolean;
};

const marketplace = (country: string, currency: string, taxesIncluded = true): Marketplace => ({ country, currency, taxesIncluded });

/** By Amazon's marketplace id ("Marketplace IDs" of the developer documentation). */
export const marketplaces: Readonly<Record<string, Marketplace>> = {
  ATVPDKIKX0DER: marketplace('US', 'USD', false),
  A2EUQ1WTGCTBG2: marketplace('CA', 'CAD', false),
  A1AM78C64UM0Y8: marketplace('MX', 'MXN'),
  A2Q3Y263D00KWC: marketplace('BR', 'BRL'),
  A28R8C7NBKEWEA: marketplace('IE', 'EUR'),
  A1RKKUPIHCS9HS: marketplace('ES', 'EUR'),
  A1F83G8C2ARO7P: marketplace('GB', 'GBP'),
  A13V1IB3VIYZZH: marketplace('FR', 'EUR'),
  AMEN7PMS3EDWL: marketplace('BE', 'EUR'),
  A1805IZSGTT6HS: marketplace('NL', 'EUR'),
  A1PA6795UKMFR9: marketplace('DE', 'EUR'),
  APJ6JRA9NG5V4: marketplace('IT', 'EUR'),
  A2NODRKZP88ZB9: marketplace('SE', 'SEK'),
  AE08WJ6YKNBMC: marketplace('ZA', 'ZAR'),
  A1C3SOZRARQ6R3: marketplace('PL', 'PLN'),
  ARBP9OOSHTCHU: marketplace('EG', 'EGP'),
  A33AVAJ2PDY3EV: marketplace('TR', 'TRY'),
  A17E79C6D8DWNP: marketplace('SA', 'SAR'),
  A2VIGQ35RCS4UG: marketplace('AE', 'AED'),
  A21TJRUUN4KGV: marketplace('IN', 'INR'),
  A19VAU5U5O7RUS: marketplace('SG', 'SGD'),
  A39IBJ37TRP1C6: marketplace('AU', 'AUD'),
  A1VC38T7YXB528: marketplace('JP', 'JPY'),
};

/** Address of the Selling Partner API by region. */
export const regionOrigins = {
  na: 'https://sellingpartnerapi-na.amazon.com',
  eu: 'https://sellingpartnerapi-eu.amazon.com',
  fe: 'https://sellingpartnerapi-fe.amazon.com',
} as const;
export type AmazonRegion = keyof typeof regionOrigins;
