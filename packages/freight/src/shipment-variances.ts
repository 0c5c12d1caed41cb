import type { Charge } from '@quartermaster/domain';
import { expectationOf, expectedAmounts, type Accrual, type ExpectedClass } from './accrual.ts';
import { duplicateLines } from './duplicates.ts';
import type { ChargeClass, InvoiceLine } from './invoice-line.ts';
import type { AuditSettings, VarianceClass } from './settings.ts';
import { minorSum, type Measurement, type Rerating, type VariancePart } from './variance.ts';

/**
 * Prices the parcel of a label again, by our own tariff, on a billable weight and a zone: the charges in the label's currency, or null where the tariff does not say. `zone` is without leading
 * zeros (`4` for UPS's `004`), and null where the label has none.
 */
export type Reprice = (request: {
  readonly accrual: Accrual;
  readonly grams: number;
  readonly zone: string | null;
}) => readonly Charge[] | null;

/**
 * Takes what was billed of one label (lines in the currency of its price) apart by what it is about, and says how much of its price is compared. Over the parts, `billed` less `expected` is what
 * was billed less that.
 *
 * What was expected of a class counts once something of it was billed, or the transport was: until then more may come.
 */
export function partsOf(
  accrual: Accrual,
  lines: readonly InvoiceLine[],
  measurement: Measurement,
  settings: AuditSettings,
  reprice: Reprice | null,
): { readonly parts: readonly VariancePart[]; readonly expected: number } {
  const credits = lines.filter((line) => line.class === 'credit');
  const charged = lines.filter((line) => line.class !== 'credit');
  if (accrual.voidedOn !== null) {
    return { parts: filled([plainPart('voided-label-billed', charged), plainPart('credit', credits)]), expected: 0 };
  }

  const duplicates = duplicateLines(charged, settings.duplicateWithinDays);
  const once = charged.filter((line) => !duplicates.has(line));
  const of = (...classes: readonly ChargeClass[]) => once.filter((line) => classes.includes(line.class));
  const pools = poolsOf(accrual, once);
  const parts = filled([
    ...transportParts(accrual, pools, once, measurement, reprice),
    plainPart('duplicate-billing', [...duplicates]),
    plainPart('address-correction', of('address-correction')),
    plainPart('service-fee', of('service-fee')),
    plainPart('credit', credits),
  ]);
  return { parts, expected: pools.reduce((sum, pool) => sum + pool.expected, 0) };
}

const classOfVariance: Readonly<Record<ExpectedClass, VarianceClass>> = {
  base: 'base-rate',
  fuel: 'fuel',
  residential: 'residential',
  accessorial: 'accessorial-not-expected',
  'duty-tax': 'duty-tax',
  return: 'return',
};

/** What is billed and expected of one class. */
type Pool = { readonly class: ExpectedClass; readonly lines: readonly InvoiceLine[]; readonly expected: number };

function transportParts(
  accrual: Accrual,
  pools: readonly Pool[],
  lines: readonly InvoiceLine[],
  measurement: Measurement,
  reprice: Reprice | null,
): VariancePart[] {
  const weightLines = lines.filter((line) => line.class === 'weight-correction');
  const zoneLines = lines.filter((line) => line.class === 'zone-correction');
  const corrections = [plainPart('weight-dimension', weightLines), plainPart('zone', zoneLines)];
  const base = pools.find((pool) => pool.class === 'base');
  const fuel = pools.find((pool) => pool.class === 'fuel') ?? { class: 'fuel', lines: [], expected: 0 };
  const others = pools.filter((pool) => pool.class !== 'base' && pool.class !== 'fuel').map((pool) => poolPart(pool, 'not-rerated'));
  if (base === undefined || base.lines.length === 0) return [...corrections, poolPart(fuel, 'not-rerated'), ...others];

  const rerated = reratedParts(accrual, { base, fuel, corrections: [...weightLines, ...zoneLines] }, measurement, reprice);
  if (rerated !== null) return [...rerated, ...others];

  const surprise = surpriseIn(base, isOneSum(accrual));
  const rest = base.lines.filter((line) => !surprise.lines.includes(line));
  const restClass = classOfRest(minorSum(rest) - base.expected, measurement, { weightLines, zoneLines });
  const isSameMeasure = measurement.billedGrams !== null && !measurement.weightDiffers && !measurement.zoneDiffers;
  const rerating = reprice !== null && isSameMeasure ? 'rate-wrong' : 'not-rerated';
  return [
    { ...poolPart({ ...base, lines: rest }, rerating), class: restClass },
    surprise,
    ...corrections,
    poolPart(fuel, rerating),
    ...others,
  ];
}

/** A price of one sum is laid against all that a price usually has; an itemised one class by class. The way back is the transport of a return label. */
function poolsOf(accrual: Accrual, lines: readonly InvoiceLine[]): Pool[] {
  const expectation = expectationOf(accrual);
  const classOf = (line: InvoiceLine): ChargeClass => (accrual.isReturn && line.class === 'return' ? 'base' : line.class);
  const isTransportBilled = lines.some((line) => classOf(line) === 'base');
  const inBase: readonly ChargeClass[] =
    expectation.itemised === null && isTransportBilled ? ['base', 'fuel', 'residential', 'accessorial'] : ['base'];
  const amounts = expectation.itemised ?? { ...expectedAmounts([]), base: expectation.total };
  const expectedOf = (one: ExpectedClass) => {
    if (!accrual.isReturn) return amounts[one];
    return one === 'base' ? amounts.base + amounts.return : one === 'return' ? 0 : amounts[one];
  };
  const pools: Pool[] = [{ class: 'base', lines: lines.filter((line) => inBase.includes(classOf(line))), expected: expectedOf('base') }];
  for (const one of ['fuel', 'residential', 'accessorial', 'duty-tax', 'return'] as const) {
    if (!inBase.includes(one)) pools.push({ class: one, lines: lines.filter((line) => classOf(line) === one), expected: expectedOf(one) });
  }
  return pools.filter((pool) => pool.lines.length > 0 || (isTransportBilled && pool.expected !== 0));
}

/**
 * Lays a new price on the carrier's measure, first its weight, then its zone, between the label's own price and what was billed: up to it the carrier measured differently, beyond it the rate is
 * another. Null where nothing was measured differently or the tariff does not say.
 */
function reratedParts(
  accrual: Accrual,
  of: { readonly base: Pool; readonly fuel: Pool; readonly corrections: readonly InvoiceLine[] },
  { expectedGrams, billedGrams, expectedZone, billedZone, weightDiffers, zoneDiffers }: Measurement,
  reprice: Reprice | null,
): VariancePart[] | null {
  if (reprice === null || (!weightDiffers && !zoneDiffers)) return null;
  const isFuel = ({ charge }: InvoiceLine) => charge.type === 'fuel-charge' && !isOneSum(accrual);
  const baseLines = [...of.base.lines, ...of.corrections.filter((line) => !isFuel(line))];
  const fuelLines = [...of.fuel.lines, ...of.corrections.filter(isFuel)];
  const expected = of.base.expected + of.fuel.expected;
  const hasFuel = fuelLines.length > 0 || of.fuel.expected !== 0;

  const priceAt = (zone: string | null) => {
    const charges = reprice({ accrual, grams: weightDiffers ? (billedGrams ?? expectedGrams) : expectedGrams, zone });
    if (charges === null || charges.some(({ amount }) => amount.currency !== accrual.price.currency)) return null;
    const { base, fuel, residential, accessorial } = expectedAmounts(charges);
    return isOneSum(accrual) ? { base: base + fuel + residential + accessorial, fuel: 0 } : { base, fuel: hasFuel ? fuel : 0 };
  };
  const onWeight = priceAt(expectedZone);
  const onBoth = zoneDiffers ? priceAt(billedZone) : onWeight;
  if (onWeight === null || onBoth === null) return null;
  const weighed = weightDiffers ? onWeight.base + onWeight.fuel : expected;
  const lines = [...baseLines, ...fuelLines];
  return [
    { class: 'weight-dimension', lines, expected, billed: weighed, rerating: 'measured-differently' },
    { class: 'zone', lines, expected: weighed, billed: onBoth.base + onBoth.fuel, rerating: 'measured-differently' },
    { class: 'base-rate', lines: baseLines, expected: onBoth.base, billed: minorSum(baseLines), rerating: 'rate-wrong' },
    { class: 'fuel', lines: fuelLines, expected: onBoth.fuel, billed: minorSum(fuelLines), rerating: 'rate-wrong' },
  ];
}

function isOneSum(accrual: Accrual): boolean {
  return expectationOf(accrual).itemised === null;
}

/** Against a price of one sum: when the difference is just what one kind of surcharge comes to, that surcharge was not expected. */
function surpriseIn(base: Pool, againstOneSum: boolean): VariancePart {
  const difference = minorSum(base.lines) - base.expected;
  const kinds = (['residential', 'accessorial', 'fuel'] as const).map((one) => ({
    one,
    lines: base.lines.filter((line) => line.class === one),
  }));
  const found = againstOneSum && difference > 0 ? kinds.find(({ lines }) => lines.length > 0 && minorSum(lines) === difference) : undefined;
  return plainPart(classOfVariance[found?.one ?? 'base'], found?.lines ?? []);
}

/** Without a new price the measure is only the likely cause: it must have moved the way the money did, and not been billed as a correction of its own. */
function classOfRest(
  difference: number,
  { weightDiffers, zoneDiffers, billedGrams, expectedGrams }: Measurement,
  { weightLines, zoneLines }: { readonly weightLines: readonly InvoiceLine[]; readonly zoneLines: readonly InvoiceLine[] },
): VarianceClass {
  const movedAlike = billedGrams !== null && Math.sign(billedGrams - expectedGrams) === Math.sign(difference);
  if (weightDiffers && movedAlike && weightLines.length === 0) return 'weight-dimension';
  return zoneDiffers && zoneLines.length === 0 ? 'zone' : 'base-rate';
}

function poolPart(pool: Pool, rerating: Rerating): VariancePart {
  return { class: classOfVariance[pool.class], lines: pool.lines, billed: minorSum(pool.lines), expected: pool.expected, rerating };
}

function plainPart(varianceClass: VarianceClass, lines: readonly InvoiceLine[]): VariancePart {
  return { class: varianceClass, lines, billed: minorSum(lines), expected: 0, rerating: 'not-rerated' };
}

function filled(parts: readonly VariancePart[]): VariancePart[] {
  return parts.filter(({ lines, billed, expected }) => lines.length > 0 || billed !== 0 || expected !== 0);
}
