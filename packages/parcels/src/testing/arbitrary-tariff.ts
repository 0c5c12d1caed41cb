import * as fc from 'fast-check';
import { tariffSchema, type Place, type Tariff } from '../index.ts';
import { placeName } from '../place-index.ts';

const letter = fc.constantFrom('0', '1', '5', '9', 'A');
const postal = (length: number) => fc.string({ unit: letter, minLength: length, maxLength: length });
const anyPostal = fc.integer({ min: 1, max: 3 }).chain(postal);
const country = fc.constantFrom('AT', 'DE', 'US');
const region = fc.option(fc.constantFrom('BY', 'Be', 'NY'), { nil: undefined });

/** A range of prefixes, both ends as long. */
const range = fc
  .integer({ min: 1, max: 3 })
  .chain((length) => fc.tuple(postal(length), postal(length)))
  .map(([one, other]) => (one <= other ? { postalFrom: one, postalTo: other } : { postalFrom: other, postalTo: one }));

export const places: fc.Arbitrary<Place> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Place>('*') },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        country,
        region,
        fc.oneof(
          fc.constant({}),
          anyPostal.map((postalPrefix) => ({ postalPrefix })),
          range,
        ),
      )
      .map(([code, within, narrowed]): Place => ({ country: code, ...(within === undefined ? {} : { region: within }), ...narrowed })),
  },
);

export const destinations = fc.record({
  country: fc.constantFrom('AT', 'DE', 'US', 'us'),
  region: fc.option(fc.constantFrom('BY', 'BE', 'be', 'NY', 'TX')),
  postalArea: fc
    .integer({ min: 0, max: 3 })
    .chain((length) => fc.string({ unit: fc.oneof(letter, fc.constantFrom('a', '4')), minLength: length, maxLength: length })),
});

const day = fc.integer({ min: 1, max: 360 }).map((days) => new Date(Date.UTC(2025, 0, days)).toISOString().slice(0, 10));
const name = fc.constantFrom('ground', 'a, b', 'say "10"', 'a;b', 'Päckchen', 'two\nlines');
const minor = fc.nat(100_000);
const percent = fc.tuple(fc.nat(40), fc.nat(999)).map(([whole, fraction]) => `${whole}.${fraction}`);
const positive = (max: number) => fc.integer({ min: 1, max });
const bands = fc
  .uniqueArray(fc.tuple(positive(60_000), minor), { minLength: 1, maxLength: 6, selector: ([grams]) => grams })
  .map((drafts) => drafts.toSorted(([one], [other]) => one - other).map(([upToGrams, price]) => ({ upToGrams, minor: price })));
const price = fc.oneof(
  bands.map((rising) => ({ bands: rising })),
  fc.record({ baseMinor: minor, perKgMinor: fc.nat(900) }),
);
const rising = <Rule extends object>(rule: fc.Arbitrary<Rule>) =>
  fc
    .uniqueArray(fc.tuple(day, rule), { maxLength: 4, selector: ([from]) => from })
    // The first row begins with the tariff, or a book would leave days unsaid.
    .map((drafts) =>
      drafts
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([from, fields], at) => ({ ...fields, effectiveFrom: at === 0 ? '2025-01-01' : from })),
    )
    .map((rules) => (rules.length === 0 ? undefined : rules));
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const surcharge = (zones: readonly string[]) =>
  fc
    .tuple(
      fc.record({
        code: name,
        group: optional(fc.constantFrom('size', 'x')),
        bearsFuel: optional(fc.constant(true)),
        billableAtLeastGrams: optional(positive(40_000)),
      }),
      fc.record({
        to: optional(places.filter((place) => place !== '*')),
        zones: optional(fc.constantFrom(...zones).map((zone) => [zone])),
        minGrams: optional(positive(30_000)),
        minLongestMillimetres: optional(positive(2_000)),
        minLengthAndGirthMillimetres: optional(positive(4_000)),
        overCm3: optional(positive(500_000)),
      }),
      optional(
        fc
          .tuple(day, day)
          .map(([one, other]) => (one < other ? { effectiveFrom: one, effectiveTo: other } : { effectiveFrom: other, effectiveTo: one })),
      ),
      fc.oneof(
        minor.map((amount) => ({ minor: amount })),
        percent.map((text) => ({ percent: text })),
      ),
    )
    .map(([fields, when, days, amount]) => ({ ...fields, when, ...days, ...amount }));

const weightRules = rising(
  fc.record({
    divisorCm3PerKg: optional(fc.constantFrom(4_000, 5_000, 6_000)),
    sides: fc.constantFrom('as-measured' as const, 'whole-centimetres' as const),
    roundingGrams: optional(fc.constantFrom(1, 100, 500, 1_000)),
  }),
);

function service(id: string) {
  return fc.uniqueArray(fc.constantFrom('1', '2', 'remote'), { minLength: 1, maxLength: 3 }).chain((zones) =>
    fc
      .record({
        name,
        carrierService: name,
        maxGrams: positive(70_000),
        parcelMaxGrams: optional(positive(70_000)),
        weightRules,
        fuel: rising(percent.map((text) => ({ percent: text }))),
        surcharges: fc.array(surcharge(zones), { maxLength: 4 }),
        ways: fc.uniqueArray(fc.tuple(places, places, fc.constantFrom(...zones)), {
          maxLength: 12,
          selector: ([from, to]) => `${placeName(from)} ${rangeGroup(to)}`,
        }),
        prices: fc.tuple(
          ...zones.map((zone) => fc.tuple(price, fc.option(fc.nat(9))).map(([cost, transitDays]) => ({ zone, transitDays, ...cost }))),
        ),
      })
      .map(({ ways, ...fields }) => ({
        id,
        ...fields,
        // Every zone is reached.
        zones: [
          ...zones.map((zone, at) => ({ id: zone, from: { country: 'FR', postalPrefix: String(at) }, to: '*' as const })),
          ...ways.map(([from, to, zone]) => ({ id: zone, from, to })),
        ],
      })),
  );
}

/** Ranges of one group may overlap, which a book refuses: of each group there is one. */
function rangeGroup(place: Place): string {
  if (place === '*' || place.postalFrom === undefined) return placeName(place);
  return `${place.country} ${place.region?.toUpperCase() ?? ''} ${place.postalFrom.length}`;
}

/** Tariffs that a rate book in kilograms can say, of one or two services. */
export const tariffs: fc.Arbitrary<Tariff> = fc
  .record({ currency: fc.constantFrom('EUR', 'JPY', 'KWD'), one: service('one'), two: fc.option(service('two; "b"')) })
  .map(({ currency, one, two }) =>
    tariffSchema.parse({ id: 't', carrier: 'C', currency, effectiveFrom: '2025-01-01', services: two === null ? [one] : [one, two] }),
  );
