import { decimalOf } from '@quartermaster/domain';

/** An amount as eBay writes it: decimals without trailing zeros but one, `12.9` and `5.0`. */
export function wireAmount(minor: number, currency: string, converted: { readonly currency: string; readonly rate: number } | null = null) {
  const value = ebayDecimal(decimalOf({ minor, currency }));
  if (converted === null) return { value, currency };
  const before = Math.round(minor * converted.rate);
  return {
    value,
    currency,
    convertedFromValue: ebayDecimal(decimalOf({ minor: before, currency: converted.currency })),
    convertedFromCurrency: converted.currency,
  };
}

function ebayDecimal(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const shortened = fraction.replace(/0+$/, '');
  return `${whole}.${shortened === '' ? '0' : shortened}`;
}
