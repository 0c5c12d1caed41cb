/** What USPS asks for a mail class from one place of the United States to another. */
export type SandboxService = {
  readonly mailClass: string;
  /** `SP` or `PA` for a box of one's own, or one of USPS's packagings, which ask no weight. */
  readonly rateIndicator: string;
  readonly baseMinor: number;
  readonly perPoundMinor: number;
  /** Delivery days. */
  readonly days: number;
};

/** Sides in inches and weight in pounds, as they were declared. */
export type Piece = { readonly weight: number; readonly length: number; readonly width: number; readonly height: number };

export type Quoted = {
  readonly mailClass: string;
  readonly rateIndicator: string;
  readonly processingCategory: string;
  readonly postageMinor: number;
  readonly fees: readonly { readonly name: string; readonly sku: string; readonly minor: number }[];
  readonly extras: readonly { readonly code: string; readonly name: string; readonly sku: string; readonly minor: number }[];
  readonly totalMinor: number;
  /** Pounds, as declared. */
  readonly weight: number;
  /** Ounces that the size comes to, 0 where the weight counts. */
  readonly dimOunces: number;
  readonly days: number;
};

export const mostPounds = 70;
/** Length and girth together, in inches. */
export const mostInches = 130;

/** USPS's divisor of cubic inches: 166, and 139 with sides rounded up from 2026-07-12 on. Only parcels above a cubic foot are billed by their size. */
export function dimensionalPounds({ length, width, height }: Piece, mailingDate: string): number {
  const isNew = mailingDate >= '2026-07-12';
  const sides = [length, width, height].map((side) => (isNew ? Math.ceil(side) : Math.round(side)));
  const cubicInches = sides.reduce((volume, side) => volume * side, 1);
  return cubicInches <= 1_728 ? 0 : Math.ceil(cubicInches / (isNew ? 139 : 166));
}

/** Twice width and height, and the length. */
export function lengthAndGirth(piece: Piece): number {
  const [longest = 0, ...others] = [piece.length, piece.width, piece.height].toSorted((a, b) => b - a);
  return longest + 2 * others.reduce((sum, side) => sum + side, 0);
}

/** The price of a service for a piece, or null where it does not take the extra services. A contract takes 15 % off the postage. */
export function quote(
  service: SandboxService,
  piece: Piece,
  given: { readonly mailingDate: string; readonly extras: readonly number[]; readonly value: number | null; readonly hasContract: boolean },
): Quoted | null {
  const extras = given.extras.map((code) => extraOf(code, service.mailClass, given.value));
  if (extras.includes(null)) return null;
  const isOwnBox = ['SP', 'PA'].includes(service.rateIndicator);
  const dimPounds = isOwnBox ? dimensionalPounds(piece, given.mailingDate) : 0;
  const isDimensional = dimPounds > piece.weight;
  const pounds = isOwnBox ? Math.ceil(Math.max(piece.weight, dimPounds)) : 0;
  const listMinor = service.baseMinor + service.perPoundMinor * pounds;
  const postageMinor = given.hasContract ? Math.round(listMinor * 0.85) : listMinor;
  const longest = Math.max(piece.length, piece.width, piece.height);
  const fees = longest > 22 && isOwnBox ? [{ name: 'Nonstandard Length > 22', sku: 'D811XVCXXXX0000', minor: 400 }] : [];
  const taken = extras.filter((extra) => extra !== null);
  return {
    mailClass: service.mailClass,
    rateIndicator: isDimensional ? 'DR' : service.rateIndicator,
    processingCategory: longest > 22 || piece.weight > 35 ? 'NONSTANDARD' : 'MACHINABLE',
    postageMinor,
    fees,
    extras: taken,
    totalMinor: [...fees, ...taken].reduce((sum, { minor }) => sum + minor, postageMinor),
    weight: piece.weight,
    dimOunces: isDimensional ? dimPounds * 16 : 0,
    days: service.days,
  };
}

/** Null for a combination that USPS has not: insurance without a value, one above 500 dollars under the code of the others, Express services for other mail classes. */
function extraOf(code: number, mailClass: string, value: number | null): Quoted['extras'][number] | null {
  const isExpress = mailClass.startsWith('PRIORITY_MAIL_EXPRESS');
  const found = extraServices[code];
  if (found === undefined || (found.express !== undefined && found.express !== isExpress)) return null;
  if (found.insures !== undefined && (value === null || !found.insures(value))) return null;
  return { code: String(code), name: found.name, sku: `DX${code}X0XXXCX0000`, minor: found.minor };
}

type ExtraService = {
  readonly name: string;
  readonly minor: number;
  readonly express?: boolean;
  readonly insures?: (value: number) => boolean;
};

const extraServices: Readonly<Record<number, ExtraService>> = {
  920: { name: 'USPS Tracking', minor: 0 },
  921: { name: 'Signature Confirmation', minor: 370, express: false },
  922: { name: 'Adult Signature Required 21 or Over', minor: 945 },
  925: { name: 'Priority Mail Express Merchandise Insurance', minor: 500, express: true, insures: (value) => value > 0 },
  930: { name: 'Insurance <= $500', minor: 495, express: false, insures: (value) => value > 0 && value <= 500 },
  931: { name: 'Insurance > $500', minor: 1_455, express: false, insures: (value) => value > 500 },
  981: { name: 'Signature Requested', minor: 0, express: true },
};
