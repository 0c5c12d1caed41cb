import type { WireWeight } from './wire.ts';

const gramsPer: Readonly<Record<string, number>> = { kg: 1_000, g: 1, lbs: 453.59237, oz: 28.349523125 };
const millimetresPer: Readonly<Record<string, number>> = { mm: 1, cm: 10, m: 1_000, in: 25.4, ft: 304.8, yd: 914.4 };

/** Whole grams, rounded up; null for a unit that we do not know. */
export function gramsOf({ value, unit }: WireWeight): number | null {
  return whole(value, gramsPer[unit.toLowerCase()]);
}

/** Whole millimetres, rounded up; null for a unit that we do not know. */
export function millimetresOf(value: string, unit: string): number | null {
  return whole(value, millimetresPer[unit.toLowerCase()]);
}

/** What a decimal number came to be by multiplying (`23001.000000000004`) is not rounded up. */
function whole(value: string, factor: number | undefined): number | null {
  const product = Number(value) * (factor ?? Number.NaN);
  return Number.isFinite(product) ? Math.ceil(Number(product.toFixed(6))) : null;
}
