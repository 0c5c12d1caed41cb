import type { Address } from '@quartermaster/domain';
import { isCountry } from './countries.ts';
import { hasPostalForm } from './postal-codes.ts';

/** What a carrier would stumble over in a delivery address, told without the address itself; empty when nothing. Nothing is looked up: a street may still not exist. */
export function addressProblems(address: Address | null, poBoxes: 'accept' | 'hold'): string[] {
  if (address === null) return ['there is no delivery address'];
  return [
    ...(blank(address.name) && blank(address.company) ? ['no recipient'] : []),
    ...(address.lines.every(blank) ? ['no street'] : []),
    ...(blank(address.city) ? ['no city'] : []),
    ...countryProblems(address),
    ...(poBoxes === 'hold' && address.lines.some(isPoBox) ? ['a post office box'] : []),
  ];
}

function countryProblems({ country, postalCode }: Address): string[] {
  if (!isCountry(country)) return [`unknown country ${JSON.stringify(country)}`];
  return hasPostalForm(postalCode, country) ? [] : [`the postal code is not of the form of ${country}`];
}

/** English, German, French, Spanish, Dutch and Scandinavian names of a box at the post office. */
function isPoBox(line: string): boolean {
  return /\bp\.?\s*o\.?\s*box\b|\bpost office box\b|\bpostfach\b|\bbo[iî]te postale\b|\bapartado( de correos| postal)?\b|\bpostbus\b|\bpost(boks|box)\b|\bcasella postale\b/iu.test(
    line,
  );
}

function blank(text: string | null): boolean {
  return text === null || text.trim() === '';
}
