import type { Address } from '@quartermaster/domain';
import type { Favourite } from './catalogue.ts';

/** A town whose invented streets our customers live in. `#` in the postal form is any digit, `@` any letter. */
type Town = { readonly city: string; readonly postalForm: string; readonly region: string | null };

export type Country = {
  readonly code: string;
  /** How many of the customers live there. */
  readonly weight: number;
  readonly vatPercent: number;
  readonly group: Exclude<Favourite, 'everywhere'>;
  readonly towns: readonly Town[];
  readonly streets: readonly string[];
  /** Where the house number stands. */
  readonly numberFirst: boolean;
  readonly givenNames: readonly string[];
  readonly familyNames: readonly string[];
};

/** Countries with their towns, real by name and postal form; streets and people are invented. */
export const countries: readonly Country[] = [
  {
    code: 'DE',
    weight: 34,
    vatPercent: 19,
    group: 'central',
    towns: [
      { city: 'Berlin', postalForm: '10##9', region: null },
      { city: 'Hamburg', postalForm: '22##1', region: null },
      { city: 'Leipzig', postalForm: '04##7', region: null },
      { city: 'München', postalForm: '80##3', region: null },
      { city: 'Köln', postalForm: '50##7', region: null },
    ],
    streets: ['Amselgrund', 'Kastanienhang', 'Mühlenbogen', 'Lindenwinkel', 'Am Kornspeicher'],
    numberFirst: false,
    givenNames: ['Jule', 'Ansgar', 'Mareike', 'Torben', 'Wiebke', 'Ole'],
    familyNames: ['Brandhoff', 'Seelmann', 'Kornfeld', 'Tiedemeyer', 'Halstrup'],
  },
  {
    code: 'AT',
    weight: 8,
    vatPercent: 20,
    group: 'central',
    towns: [
      { city: 'Wien', postalForm: '10#0', region: null },
      { city: 'Graz', postalForm: '80#0', region: null },
      { city: 'Linz', postalForm: '40#0', region: null },
    ],
    streets: ['Rebenweg', 'Marillengasse', 'Donaublick'],
    numberFirst: false,
    givenNames: ['Vroni', 'Xaver', 'Resi', 'Alois'],
    familyNames: ['Pichlbauer', 'Moosreiner', 'Edelhofer'],
  },
  {
    code: 'NL',
    weight: 8,
    vatPercent: 21,
    group: 'central',
    towns: [
      { city: 'Utrecht', postalForm: '35## @@', region: null },
      { city: 'Rotterdam', postalForm: '30## @@', region: null },
      { city: 'Groningen', postalForm: '97## @@', region: null },
    ],
    streets: ['Wilgenkade', 'Molenpad', 'Tulpenhof'],
    numberFirst: false,
    givenNames: ['Sanne', 'Joris', 'Fenna', 'Teun'],
    familyNames: ['van der Wiek', 'Dijksma', 'Hoogland'],
  },
  {
    code: 'BE',
    weight: 6,
    vatPercent: 21,
    group: 'france',
    towns: [
      { city: 'Gent', postalForm: '90#0', region: null },
      { city: 'Namur', postalForm: '50#0', region: null },
    ],
    streets: ['Beukenlaan', 'Rue du Tilleul'],
    numberFirst: false,
    givenNames: ['Lore', 'Maxime', 'Noor'],
    familyNames: ['Verhaegen', 'Delcourte', 'Maesen'],
  },
  {
    code: 'FR',
    weight: 18,
    vatPercent: 20,
    group: 'france',
    towns: [
      { city: 'Lyon', postalForm: '6900#', region: null },
      { city: 'Paris', postalForm: '7501#', region: null },
      { city: 'Bordeaux', postalForm: '33#00', region: null },
      { city: 'Marseille', postalForm: '1300#', region: null },
    ],
    streets: ['rue des Glycines', 'allée du Pressoir', 'chemin des Amandiers', 'quai des Bateliers'],
    numberFirst: true,
    givenNames: ['Élodie', 'Bastien', 'Solène', 'Gaspard'],
    familyNames: ['Vautrin', 'Desmarest', 'Corbeau', 'Lavigne'],
  },
  {
    code: 'IT',
    weight: 6,
    vatPercent: 22,
    group: 'france',
    towns: [
      { city: 'Torino', postalForm: '1012#', region: 'TO' },
      { city: 'Milano', postalForm: '2012#', region: 'MI' },
    ],
    streets: ['via dei Gelsi', 'vicolo del Forno'],
    numberFirst: false,
    givenNames: ['Ginevra', 'Tullio', 'Ludovica'],
    familyNames: ['Bellafonte', 'Morandelli', 'Castagneri'],
  },
  {
    code: 'ES',
    weight: 13,
    vatPercent: 21,
    group: 'iberia',
    towns: [
      { city: 'Madrid', postalForm: '2800#', region: 'M' },
      { city: 'Barcelona', postalForm: '0800#', region: 'B' },
      { city: 'Vigo', postalForm: '3620#', region: 'PO' },
      { city: 'Sevilla', postalForm: '4100#', region: 'SE' },
    ],
    streets: ['calle del Olivar', 'paseo de los Tilos', 'calle Farolillo'],
    numberFirst: false,
    givenNames: ['Nerea', 'Iker', 'Candela', 'Gonzalo'],
    familyNames: ['Robledal', 'Castromil', 'Olivares Prado'],
  },
  {
    code: 'PT',
    weight: 7,
    vatPercent: 23,
    group: 'iberia',
    towns: [
      { city: 'Porto', postalForm: '40#0-###', region: null },
      { city: 'Lisboa', postalForm: '11#0-###', region: null },
    ],
    streets: ['Rua das Oliveiras Novas', 'Travessa do Moinho'],
    numberFirst: false,
    givenNames: ['Matilde', 'Duarte', 'Leonor'],
    familyNames: ['Sobreira', 'Vilaverde', 'Carvalhosa'],
  },
];

/** One of the values by its weight. Throws a `RangeError` for none. */
export function weighted<Value>(random: () => number, values: readonly Value[], weightOf: (value: Value) => number): Value {
  const sum = values.reduce((left, value) => left + weightOf(value), 0);
  let at = random() * sum;
  for (const value of values) {
    at -= weightOf(value);
    if (at < 0) return value;
  }
  const last = values.at(-1);
  if (last === undefined) throw new RangeError('nothing to choose from');
  return last;
}

export function oneOf<Value>(random: () => number, values: readonly Value[]): Value {
  return weighted(random, values, () => 1);
}

/** A whole number from `low` to `high`, both included. */
export function wholeNumber(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** An address in a country of somebody who does not exist; the number makes the mail address and phone unique. */
export function inventAddress(random: () => number, country: Country, given: { number: number; company: boolean }): Address {
  const town = oneOf(random, country.towns);
  const house = wholeNumber(random, 1, 148);
  const street = oneOf(random, country.streets);
  const family = oneOf(random, country.familyNames);
  return {
    name: `${oneOf(random, country.givenNames)} ${family}`,
    company: given.company ? `${family} ${oneOf(random, ['Catering', 'Bistro', 'Workshop', 'Hotel'])}` : null,
    lines: [country.numberFirst ? `${house} ${street}` : `${street} ${house}`],
    postalCode: filled(random, town.postalForm),
    city: town.city,
    region: town.region,
    country: country.code,
    phone: null,
    email: `customer-${given.number}@example.com`,
  };
}

function filled(random: () => number, form: string): string {
  return form.replaceAll(/[#@]/g, (sign) =>
    sign === '#' ? String(wholeNumber(random, 0, 9)) : 'ABCDEGHJKLMNPRSTVWXZ'.charAt(wholeNumber(random, 0, 19)),
  );
}
