import type { Decimal } from './types.ts';

/** The shortest decimal that a JSON number stands for, without an exponent: `0.1`, `0.0000001`, `1000000000000000000000`. The number comes back from it. */
export function decimalOf(value: number): Decimal {
  const shortest = String(value);
  const [mantissa = '', exponent] = shortest.split('e');
  if (exponent === undefined) return shortest;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** The JSON number of a decimal, or null for a text that is none, or that has more digits than a number keeps: Odoo would store another amount. */
export function numberOfDecimal(text: Decimal): number | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return decimalOf(value) === shortened(text) ? value : null;
}

/** Without zeros that say nothing. */
function shortened(text: Decimal): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const kept = fraction.replace(/0+$/, '');
  const short = `${whole.replace(/^0+(?=\d)/, '')}${kept === '' ? '' : `.${kept}`}`;
  return short === '0' ? '0' : `${sign}${short}`;
}
