import type { Database } from '../engine/database.ts';

/** Puts every country in, and the states of those whose addresses need one. */
export function insertCountries(db: Database): void {
  for (const [code, name] of countries) {
    const country = db.insert('res.country', { code, name });
    for (const [stateCode, stateName] of states[code] ?? [])
      db.insert('res.country.state', { code: stateCode, name: stateName, country_id: country.id });
  }
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Every region that Unicode names: Odoo has them all, and a few codes of history more or less do no harm here. */
const countries: readonly (readonly [code: string, name: string])[] = letters().flatMap((first) =>
  letters().flatMap((second) => {
    const name = regionNames.of(first + second);
    return name === undefined ? [] : [[first + second, name] as const];
  }),
);

function letters(): string[] {
  return Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index));
}

const states: Readonly<Record<string, readonly (readonly [code: string, name: string])[]>> = {
  CA: [
    ['BC', 'British Columbia'],
    ['ON', 'Ontario'],
    ['QC', 'Quebec'],
  ],
  US: [
    ['AL', 'Alabama'],
    ['AK', 'Alaska'],
    ['AZ', 'Arizona'],
    ['AR', 'Arkansas'],
    ['CA', 'California'],
    ['CO', 'Colorado'],
    ['CT', 'Connecticut'],
    ['DE', 'Delaware'],
    ['DC', 'District of Columbia'],
    ['FL', 'Florida'],
    ['GA', 'Georgia'],
    ['HI', 'Hawaii'],
    ['ID', 'Idaho'],
    ['IL', 'Illinois'],
    ['IN', 'Indiana'],
    ['IA', 'Iowa'],
    ['KS', 'Kansas'],
    ['KY', 'Kentucky'],
    ['LA', 'Louisiana'],
    ['ME', 'Maine'],
    ['MD', 'Maryland'],
    ['MA', 'Massachusetts'],
    ['MI', 'Michigan'],
    ['MN', 'Minnesota'],
    ['MS', 'Mississippi'],
    ['MO', 'Missouri'],
    ['MT', 'Montana'],
    ['NE', 'Nebraska'],
    ['NV', 'Nevada'],
    ['NH', 'New Hampshire'],
    ['NJ', 'New Jersey'],
    ['NM', 'New Mexico'],
    ['NY', 'New York'],
    ['NC', 'North Carolina'],
    ['ND', 'North Dakota'],
    ['OH', 'Ohio'],
    ['OK', 'Oklahoma'],
    ['OR', 'Oregon'],
    ['PA', 'Pennsylvania'],
    ['RI', 'Rhode Island'],
    ['SC', 'South Carolina'],
    ['SD', 'South Dakota'],
    ['TN', 'Tennessee'],
    ['TX', 'Texas'],
    ['UT', 'Utah'],
    ['VT', 'Vermont'],
    ['VA', 'Virginia'],
    ['WA', 'Washington'],
    ['WV', 'West Virginia'],
    ['WI', 'Wisconsin'],
    ['WY', 'Wyoming'],
  ],
};
