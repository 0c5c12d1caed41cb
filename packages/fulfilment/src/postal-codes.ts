/**
 * How postal codes of some countries look, written without spaces and hyphens, in capitals: `D` stands for a digit and `L` for a letter. Countries that are not here are not
 * judged. Sources: each country's post; countries whose codes are optional or hardly used (Ireland, Hong Kong, ...) are left out on purpose.
 */
const forms: Readonly<Record<string, readonly string[]>> = {
  AT: ['DDDD'],
  AU: ['DDDD'],
  BE: ['DDDD'],
  BG: ['DDDD'],
  BR: ['DDDDDDDD'],
  CA: ['LDLDLD'],
  CH: ['DDDD'],
  CY: ['DDDD'],
  CZ: ['DDDDD'],
  DE: ['DDDDD'],
  DK: ['DDDD'],
  EE: ['DDDDD'],
  ES: ['DDDDD'],
  FI: ['DDDDD'],
  FR: ['DDDDD'],
  GB: ['LDDLL', 'LDDDLL', 'LLDDLL', 'LLDDDLL', 'LDLDLL', 'LLDLDLL'],
  GR: ['DDDDD'],
  HR: ['DDDDD'],
  HU: ['DDDD'],
  IN: ['DDDDDD'],
  IT: ['DDDDD'],
  JP: ['DDDDDDD'],
  KR: ['DDDDD'],
  LI: ['DDDD'],
  LT: ['DDDDD'],
  LU: ['DDDD'],
  LV: ['DDDD'],
  MC: ['DDDDD'],
  MX: ['DDDDD'],
  NL: ['DDDDLL'],
  NO: ['DDDD'],
  NZ: ['DDDD'],
  PL: ['DDDDD'],
  PT: ['DDDDDDD'],
  RO: ['DDDDDD'],
  SE: ['DDDDD'],
  SI: ['DDDD'],
  SK: ['DDDDD'],
  US: ['DDDDD', 'DDDDDDDDD'],
};

/** Whether a postal code has the form of its country, with or without the country before it (`D-10115`, `SE-123 45`); true where we know no form. */
export function hasPostalForm(postalCode: string, country: string): boolean {
  const known = forms[country];
  if (known === undefined) return true;
  const bare = postalCode
    .trim()
    .toUpperCase()
    .replace(new RegExp(`^(${country}|${country[0]})[-\\s]\\s*(?=\\d)`), '');
  const shape = bare.replaceAll(/[\s-]/g, '');
  return known.some((form) => patternOf(form).test(shape));
}

function patternOf(form: string): RegExp {
  return new RegExp(`^${form.replaceAll('L', '[A-Z]').replaceAll('D', String.raw`\d`)}$`);
}
