import type { Job, Outcome } from './job.ts';

/** One run of a section. */
export type Case = {
  readonly instance: string;
  /** What the table calls this way of solving. */
  readonly way: string;
  readonly engine: Job['engine'];
  readonly limitSeconds?: number;
  readonly clock?: 'cpu' | 'wall';
  /** Instance and way of an earlier run, whose plan this one starts from. */
  readonly from?: readonly [instance: string, way: string];
  /** After how many seconds the process is stopped. */
  readonly patienceSeconds: number;
};

export type Done = Case & { readonly outcome: Outcome };

/** Whether a bar of the issue is reached, in one line. */
export type Verdict = { readonly bar: string; readonly measured: string; readonly reached: boolean };

export type Section = {
  readonly title: string;
  readonly cases: readonly Case[];
  readonly judge: (done: readonly Done[]) => readonly Verdict[];
};

const variants = ['base', 'labor', 'scarce'] as const;
/** Nobody has tuned anything to these. */
const firstSeed = 101;
const regions = ['eu', 'us', 'uk'] as const;
const extras = ['', '', '-bands', '-reservations', '-bands-reservations'] as const;

/** Every size of the table. */
export const sections: Readonly<Record<string, Section>> = {
  '100': {
    title: '100 orders x 5 nodes: the optimum is proven in 1 s, every seed of 50',
    cases: Array.from({ length: 50 }, (_, index) => days(100, 5, firstSeed + index))
      .flat()
      .map((instance) => ({ instance, way: 'proof', engine: 'auto', patienceSeconds: 120 })),
    judge: (done) => [
      verdict(
        'optimum proven',
        share(done, ({ outcome }) => outcome.method === 'exact'),
        1,
      ),
      verdict(
        'optimum proven in 1 s',
        share(done, ({ outcome }) => outcome.method === 'exact' && outcome.cpuSeconds <= 1),
        1,
      ),
    ],
  },
  '1k': {
    title: '1,000 x 10: at most 0.05 % above the proven optimum after 2 s; certified gap at most 0.01 % or optimum proven in 15 s',
    cases: seeds(5).flatMap((seed) =>
      days(1_000, 10, seed).flatMap((instance): Case[] => [
        { instance, way: '2 s', engine: 'auto', limitSeconds: 2, clock: 'cpu', patienceSeconds: 120 },
        { instance, way: '15 s', engine: 'auto', limitSeconds: 15, clock: 'cpu', patienceSeconds: 180 },
        { instance, way: 'no limit', engine: 'auto', patienceSeconds: 400 },
      ]),
    ),
    judge: (done) => {
      const optimum = (instance: string) => bestBound(done.filter((one) => one.instance === instance));
      const ways = (way: string) => done.filter((one) => one.way === way);
      return [
        verdict(
          'within 0.05 % of the proven optimum after 2 s',
          share(ways('2 s'), ({ instance, outcome }) => (outcome.cost ?? Infinity) <= optimum(instance) * 1.0005),
          1,
        ),
        verdict(
          'proven, or certified gap at most 0.01 %, in 15 s',
          share(ways('15 s'), ({ outcome }) => (outcome.method === 'exact' || certifiedGap(outcome) <= 1e-4) && outcome.cpuSeconds <= 16),
          1,
        ),
      ];
    },
  },
  '10k': {
    title: '10,000 x 10 and x 20: certified gap after 12 s, median of 5 seeds: base 0.20 %, labor 0.30 %, scarce 0.40 %',
    cases: [10, 20].flatMap((nodes) =>
      seeds(5).flatMap((seed) =>
        days(10_000, nodes, seed).map((instance): Case => ({
          instance,
          way: '12 s',
          engine: 'auto',
          limitSeconds: 12,
          clock: 'cpu',
          patienceSeconds: 300,
        })),
      ),
    ),
    judge: (done) =>
      [10, 20].flatMap((nodes) =>
        variants.flatMap((variant) => {
          const own = done.filter(({ instance }) => instance.startsWith(`10k-${nodes}-${variant}-`));
          return own.length === 0
            ? []
            : [
                atMost(
                  `10k x ${nodes} ${variant}: median certified gap`,
                  median(own.map(({ outcome }) => certifiedGap(outcome))),
                  { base: 0.002, labor: 0.003, scarce: 0.004 }[variant],
                ),
              ];
        }),
      ),
  },
  '100k': {
    title:
      '100,000 x 50: certified gap 0.30 / 0.40 / 0.60 % in 30 s of wall time on two cores, a plan within 1 % (base) in 10 s, at most 1 GB',
    cases: days(100_000, 50, firstSeed).map((instance) => ({
      instance,
      way: '30 s',
      engine: 'none',
      limitSeconds: 30,
      clock: 'wall',
      patienceSeconds: 600,
    })),
    judge: (done) =>
      done.flatMap(({ instance, outcome }) => {
        const variant = variants.find((one) => instance.includes(one)) ?? 'base';
        return [
          atMost(`${instance}: certified gap`, certifiedGap(outcome), { base: 0.003, labor: 0.004, scarce: 0.006 }[variant]),
          { bar: `${instance}: 30 s of wall time`, measured: `${outcome.wallSeconds.toFixed(1)} s`, reached: outcome.wallSeconds <= 31 },
          { bar: `${instance}: at most 1 GB`, measured: `${outcome.peakRssMb.toFixed(0)} MB`, reached: outcome.peakRssMb <= 1_024 },
          ...(variant === 'base'
            ? [
                {
                  bar: `${instance}: a plan within 1 % in 10 s`,
                  measured: `${within(outcome, 0.01).toFixed(1)} s`,
                  reached: within(outcome, 0.01) <= 10,
                },
              ]
            : []),
        ];
      }),
  },
  warm: {
    title: 'Warm: 1 % of 10,000 orders changed, under a fifth of the cold time, gap not above the cold one plus 0.05 %',
    cases: days(10_000, 10, firstSeed).flatMap((instance): Case[] => {
      const changed = `${instance}-later`;
      const patienceSeconds = 300;
      return [
        { instance, way: 'before', engine: 'auto', patienceSeconds },
        { instance: changed, way: 'cold', engine: 'auto', patienceSeconds },
        { instance: changed, way: 'warm', engine: 'auto', from: [instance, 'before'], patienceSeconds },
      ];
    }),
    judge: (done) =>
      done.flatMap(({ instance, way, outcome: warm }) => {
        const cold = done.find((one) => one.instance === instance && one.way === 'cold')?.outcome;
        if (way !== 'warm' || cold === undefined) return [];
        const part = warm.cpuSeconds / cold.cpuSeconds;
        return [
          { bar: `${instance}: under a fifth of the cold time`, measured: part.toFixed(3), reached: part < 0.2 },
          atMost(`${instance}: certified gap`, certifiedGap(warm), certifiedGap(cold) + 0.0005),
        ];
      }),
  },
  peers: {
    title: 'Other engines on the textbook model of the same instances',
    cases: [...days(100, 5, firstSeed), ...days(1_000, 10, firstSeed), `10k-10-base-eu-s${firstSeed}`].flatMap((instance): Case[] => {
      const limitSeconds = instance.startsWith('10k') ? 120 : 60;
      const peers = (['peer:glpk', 'peer:highs', 'peer:cbc'] as const).map((engine): Case => ({
        instance,
        way: engine.slice(5),
        engine,
        limitSeconds,
        patienceSeconds: limitSeconds * 12,
      }));
      return [{ instance, way: 'ours', engine: 'auto', limitSeconds: 15, clock: 'cpu', patienceSeconds: 180 }, ...peers];
    }),
    judge: () => [],
  },
};

/** A day in each variant; the seed says the region, and for larger days whether lanes have bands and channels reservations. */
function days(orders: 100 | 1_000 | 10_000 | 100_000, nodes: number, seed: number): string[] {
  const size = orders === 100 ? '100' : `${orders / 1_000}k`;
  const extra = orders === 100_000 ? '' : extras[(seed - firstSeed) % extras.length];
  const region = orders === 100_000 ? 'eu' : regions[(seed - firstSeed) % regions.length];
  return variants.map((variant) => `${size}-${nodes}-${variant}-${region}-s${seed}${extra}`);
}

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => firstSeed + index);
}

/** What the certificate leaves open, relative to the cost. */
export function certifiedGap({ cost, certifiedBound }: Outcome): number {
  if (cost === null || certifiedBound === null) return Infinity;
  return cost === 0 ? 0 : (cost - certifiedBound) / cost;
}

/** The greatest lower bound that any run of an instance has: the optimum where one of them proved it. */
function bestBound(done: readonly Done[]): number {
  return Math.max(...done.map(({ outcome }) => outcome.bound ?? -Infinity));
}

/** Wall seconds until the plan was within this share of the final bound. */
function within(outcome: Outcome, gap: number): number {
  const bound = outcome.certifiedBound ?? -Infinity;
  return outcome.progress.find(({ cost }) => cost - bound <= gap * cost)?.wallSeconds ?? Infinity;
}

function share(done: readonly Done[], is: (one: Done) => boolean): readonly [number, number] {
  return [done.filter(is).length, done.length];
}

function verdict(bar: string, [count, all]: readonly [number, number], wanted: number): Verdict {
  return { bar, measured: all === 0 ? 'not measured' : `${count} of ${all}`, reached: all > 0 && count >= wanted * all };
}

function atMost(bar: string, measured: number, limit: number): Verdict {
  return { bar: `${bar} at most ${(limit * 100).toFixed(2)} %`, measured: `${(measured * 100).toFixed(3)} %`, reached: measured <= limit };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}
