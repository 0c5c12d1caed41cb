import type { StockPosition } from '@quartermaster/domain';

export type Promisable = {
  readonly position: StockPosition;
  /** Units that are never promised. */
  readonly safetyStock: number;
  /** Units that we have planned to ship and the ERP has not reserved yet. */
  readonly softReserved: number;
};

/**
 * Units of a SKU that may still be promised at a node: sellable − reserved − soft-reserved − safety stock, never below 0. Throws a `RangeError` when safety stock or
 * soft-reserved are not whole units of at least 0.
 */
export function availableToPromise(given: Promisable): number {
  return waterfall(given).reduce((sum, step) => sum + step.units, 0);
}

export const waterfallSteps = [
  'on-hand',
  'quality-hold',
  'damaged',
  'return-pending',
  'reserved',
  'soft-reserved',
  'safety-stock',
  'shortfall',
] as const;

/** One step from what lies in the warehouse down to what may be promised; `units` are signed, and the steps add up to it. */
export type WaterfallStep = { readonly step: (typeof waterfallSteps)[number]; readonly units: number };

/**
 * Available to promise as steps that add up to it: on hand (all states together, without what is on its way), less each state that cannot be sold, less what is taken.
 * `shortfall` is what more was taken than there is; it lifts the sum to 0.
 */
export function waterfall({ position, safetyStock, softReserved }: Promisable): WaterfallStep[] {
  wholeUnits('safety stock', safetyStock);
  wholeUnits('soft-reserved', softReserved);
  const { sellable, reserved, qualityHold, damaged, returnPending } = position;
  const left = sellable - reserved - softReserved - safetyStock;
  return [
    { step: 'on-hand', units: sellable + qualityHold + damaged + returnPending },
    { step: 'quality-hold', units: negative(qualityHold) },
    { step: 'damaged', units: negative(damaged) },
    { step: 'return-pending', units: negative(returnPending) },
    { step: 'reserved', units: negative(reserved) },
    { step: 'soft-reserved', units: negative(softReserved) },
    { step: 'safety-stock', units: negative(safetyStock) },
    { step: 'shortfall', units: Math.max(0, negative(left)) },
  ];
}

/** Minus, without a minus zero. */
function negative(units: number): number {
  return 0 - units;
}

function wholeUnits(what: string, units: number): void {
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`${what} must be whole units of at least 0, not ${units}`);
}
