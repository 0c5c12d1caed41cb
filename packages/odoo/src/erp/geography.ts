import type { Address } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import type { Geography } from './translate.ts';
import { countrySchema, stateSchema } from './wire.ts';

/** Ids of the countries and states of these addresses. A country that Odoo does not know is not in it; see {@link demandCountries}. */
export async function readGeography({ client }: Session, addresses: readonly Address[]): Promise<Geography> {
  const codes = [...new Set(addresses.map((address) => address.country.toUpperCase()))];
  const countries = await client.searchRead('res.country', { domain: [['code', 'in', codes]], fields: ['code'] }, countrySchema);
  const states = new Map<number, Map<string, number>>();
  if (addresses.some((address) => address.region !== null && address.region !== '')) {
    const domain = [['country_id', 'in', countries.map((country) => country.id)]];
    const rows = await client.searchRead('res.country.state', { domain, fields: ['code', 'name', 'country_id'] }, stateOfCountrySchema);
    for (const row of rows) {
      const known = states.get(row.country_id) ?? new Map<string, number>();
      states.set(row.country_id, known.set(row.name.toUpperCase(), row.id).set(row.code.toUpperCase(), row.id));
    }
  }
  return { countries: new Map(countries.map((country) => [country.code, country.id])), states };
}

/** Throws `refused` for a country that Odoo does not know: a parcel without a country goes nowhere. */
export function demandCountries(geography: Geography, addresses: readonly Address[]): void {
  const unknown = addresses.map((address) => address.country.toUpperCase()).filter((code) => !geography.countries.has(code));
  if (unknown.length === 0) return;
  throw odooFault('refused', 'res.country.search_read', `Odoo knows no country ${[...new Set(unknown)].join(', ')}`, {
    advice: 'Correct the country of the address: two letters of ISO 3166.',
  });
}

const stateOfCountrySchema = stateSchema.extend({ country_id: z.int() });
