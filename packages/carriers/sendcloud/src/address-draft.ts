import type { Address } from '@quartermaster/domain';
import { notDone } from './faults.ts';

/** An address in Sendcloud's words; what is empty is left out. Lines beyond the second go with the second, and the house number stays in its line. Throws where something is missing that Sendcloud demands. */
export function addressDraftOf(address: Address, whose: 'sender' | 'recipient'): Readonly<Record<string, unknown>> {
  const [line1 = '', ...others] = address.lines.map((line) => line.trim()).filter((line) => line !== '');
  const name = address.name.trim() || (address.company ?? '').trim();
  const demanded = { name, address_line_1: line1, postal_code: address.postalCode.trim(), city: address.city.trim() };
  for (const [field, value] of Object.entries(demanded))
    if (value === '')
      throw notDone('invalid-request', 'label.buy', `the ${whose} has no ${field}, which Sendcloud demands`, 'Complete the address.');
  const country = address.country.toUpperCase();
  const more = {
    company_name: address.company,
    address_line_2: others.join(', '),
    state_province_code: regionOf(address.region, country),
    phone_number: address.phone,
    email: address.email,
  };
  const given = Object.entries(more).filter(([, value]) => value !== null && value !== '');
  return { ...demanded, country_code: country, ...Object.fromEntries(given) };
}

/** ISO 3166-2, such as `US-CA`; a region in words is none. */
function regionOf(region: string | null, country: string): string | null {
  const code = (region ?? '').trim().toUpperCase();
  if (new RegExp(`^${country}-[A-Z0-9]{1,3}$`).test(code)) return code;
  return /^[A-Z0-9]{1,3}$/.test(code) ? `${country}-${code}` : null;
}
