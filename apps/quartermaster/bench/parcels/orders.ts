import { money } from '@quartermaster/domain';
import {
  cartonFaults,
  cartonize,
  cartonProblemSchema,
  tariffPricing,
  tariffSchema,
  type CartonProblem,
  type CartonProblemInput,
  type ParcelPricing,
} from '@quartermaster/parcels';
import { numbersOf } from '@quartermaster/parcels/testing';

/** Dimensional weight by 5000, half kilograms, a surcharge for long and one for heavy parcels. */
export const tariff = tariffSchema.parse({
  id: 'bench',
  carrier: 'Post',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  services: [
    {
      id: 'parcel',
      name: 'Parcel',
      carrierService: 'parcel',
      divisorCm3PerKg: 5_000,
      roundingGrams: 500,
      maxGrams: 31_500,
      fuelPercent: '12.5',
      zones: [{ id: 'all', from: '*', to: '*' }],
      prices: [
        {
          zone: 'all',
          bands: [
            [1_000, 420],
            [2_000, 510],
            [5_000, 690],
            [10_000, 950],
            [20_000, 1_490],
            [31_500, 1_990],
            [80_000, 5_200],
          ].map(([upToGrams = 1, minor = 0]) => ({ upToGrams, minor })),
        },
      ],
      surcharges: [
        { code: 'long', when: { minLongestMillimetres: 600 }, minor: 650 },
        { code: 'heavy', when: { minGrams: 20_001 }, minor: 400 },
      ],
    },
  ],
});
const place = { country: 'AT', region: null, postalArea: '101' };
const pricing = tariffPricing(tariff, 'parcel', { from: place, to: place, date: '2026-11-22' });
/** What the usual rule goes by: as few boxes as can be, then the smallest (litres). */
const byFewest: ParcelPricing = (parcel) =>
  pricing(parcel) === null
    ? null
    : money(1_000_000 + Math.ceil((parcel.millimetres ?? []).reduce((product, side) => product * side, 1) / 1_000), 'EUR');

const cartons: readonly (readonly [number, number, number])[] = [
  [200, 150, 100],
  [250, 200, 150],
  [300, 220, 160],
  [350, 250, 200],
  [400, 300, 200],
  [400, 300, 300],
  [500, 400, 300],
  [600, 400, 400],
];

function order(seed: number): CartonProblem {
  const next = numbersOf(seed);
  const from = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const lines = from(1, 8);
  return cartonProblemSchema.parse({
    currency: 'EUR',
    apart: [['flammable', 'oxidizing']],
    boxes: [
      ...cartons.map(([length, width, height]) => ({
        id: `${length}x${width}x${height}`,
        inner: sides(length, width, height),
        outer: sides(length + 8, width + 8, height + 12),
        tareGrams: Math.round((length * width + width * height + length * height) / 900),
        maxGrams: 30_000,
        costMinor: 20 + Math.round((length * width * height) / 500_000),
      })),
      {
        id: 'bag',
        kind: 'bag' as const,
        inner: sides(350, 250, 80),
        outer: sides(380, 280, 82),
        tareGrams: 20,
        maxGrams: 3_000,
        costMinor: 12,
      },
    ],
    items: Array.from({ length: lines }, (_, index) => {
      const draw = next();
      return {
        id: `${index}`,
        sku: `sku-${index}`,
        units: from(1, 4),
        millimetres: [from(30, 320), from(30, 240), from(15, 180)],
        grams: from(50, 2_500),
        turning: draw < 0.2 ? 'upright' : 'any',
        fragile: next() < 0.1,
        soft: draw > 0.8 ? { pressedPercent: 60 } : null,
        hazard: next() < 0.05 ? 'flammable' : next() < 0.05 ? 'oxidizing' : null,
      };
    }),
  } satisfies CartonProblemInput);
}

/** Orders of one to eight lines against nine boxes and a tariff: what they cost, against taking as few and as small boxes as can be, and the time and the gap to the bound. */
export function someOrders(firstSeed: number, orders = 300): { readonly lines: string[]; readonly reached: boolean } {
  const times: number[] = [];
  let cost = 0;
  let costBySize = 0;
  let cartonCount = 0;
  let atBound = 0;
  let faults = 0;
  let gap = 0;
  for (let index = 0; index < orders; index++) {
    const problem = order(firstSeed + index);
    const start = process.cpuUsage();
    const found = cartonize(problem, pricing);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1_000);
    faults += cartonFaults(problem, found).length + found.left.length;
    cost += found.total.minor;
    cartonCount += found.cartons.length;
    gap += found.gap;
    if (found.gap === 0) atBound++;
    for (const { grams, millimetres, box } of cartonize(problem, byFewest).cartons)
      costBySize +=
        (pricing({ grams, millimetres: [...millimetres] })?.minor ?? 0) + (problem.boxes.find(({ id }) => id === box)?.costMinor ?? 0);
  }
  const sorted = times.sort((one, other) => one - other);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(1);
  return {
    lines: [
      `${orders} orders of 1 to 8 lines, 9 boxes: ${cartonCount} cartons, ${(cost / 100).toFixed(2)} EUR; by the fewest and then smallest boxes instead of the price ${(costBySize / 100).toFixed(2)} EUR (+${(100 * (costBySize / cost - 1)).toFixed(1)} %)`,
      `number of cartons: ${atBound} orders at the lower bound, ${gap} cartons above it in all (a dearer number may be the cheaper price)`,
      `median ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms; ${faults} faults`,
    ],
    reached: faults === 0,
  };
}

function sides(length: number, width: number, height: number): [number, number, number] {
  return [length, width, height];
}
