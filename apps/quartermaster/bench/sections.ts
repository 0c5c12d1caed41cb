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
  /** Threads beside the first. */
  readonly helpers?: number;
  /** So many orders are then placed one by one. */
  readonly singleOrders?: number;
  /** After how many seconds the process is stopped. */
  readonly patienceSeconds: number;
};

export type Done = Case & { readonly outcome: Outcome };

/** What was measured, in one line, and whether a bar is reached by it where there is one. */
export type Verdict = { readonly bar: string; readonly measured: string; readonly reached?: boolean };

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
        { instance, way: '2 s', engine: 'auto', limitSeconds: 1.9, clock: 'cpu', patienceSeconds: 120 },
        { instance, way: '15 s', engine: 'auto', limitSeconds: 14.5, clock: 'cpu', patienceSeconds: 180 },
        { instance, way: 'no limit', engine: 'auto', patienceSeconds: 400 },
      ]),
    ),
    judge: (done) => {
      const optimum = (instance: string) => bestBound(done.filter((one) => one.instance === instance));
      const ways = (way: string) => done.filter((one) => one.way === way);
      return [
        verdict(
          'within 0.05 % of the proven optimum after 2 s',
          share(
            ways('2 s'),
            ({ instance, outcome }) => (outcome.cost ?? Infinity) <= optimum(instance) * 1.0005 && outcome.cpuSeconds <= 2,
          ),
          1,
        ),
        verdict(
          'proven, or certified gap at most 0.01 %, in 15 s',
          share(ways('15 s'), ({ outcome }) => (outcome.method === 'exact' || certifiedGap(outcome) <= 1e-4) && outcome.cpuSeconds <= 15),
          1,
        ),
        {
          bar: 'gap at most 0.01 % by the word of the solver, proven or stopped, in 15 s',
          measured: share(ways('15 s'), ({ outcome: { cost, bound, cpuSeconds } }) => {
            const gap = cost === null || bound === null ? Infinity : (cost - bound) / cost;
            return gap <= 1e-4 && cpuSeconds <= 15;
          }).join(' of '),
        },
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
          limitSeconds: 11.6,
          clock: 'cpu',
          patienceSeconds: 300,
        })),
      ),
    ),
    judge: (done) => [
      ...[10, 20].flatMap((nodes) =>
        variants.flatMap((variant) => {
          const own = done.filter(({ instance }) => instance.startsWith(`10k-${nodes}-${variant}-`));
          const gaps = own.map(({ outcome }) => certifiedGap(outcome));
          const bar = `10k x ${nodes} ${variant}: certified gap`;
          return own.length === 0
            ? []
            : [
                atMost(`${bar}, median of ${own.length}`, median(gaps), { base: 0.002, labor: 0.003, scarce: 0.004 }[variant]),
                { bar: `${bar}, largest`, measured: percent(Math.max(...gaps)) },
              ];
        }),
      ),
      verdict(
        '12 s kept',
        share(done, ({ outcome }) => outcome.cpuSeconds <= 12),
        1,
      ),
    ],
  },
  '100k': {
    title:
      '100,000 x 50: certified gap 0.30 / 0.40 / 0.60 % in 30 s of wall time on two cores, a plan within 1 % (base) in 10 s, at most 1 GB',
    cases: days(100_000, 50, firstSeed).map((instance) => ({
      instance,
      way: '30 s',
      engine: 'auto',
      // What ends a run, the certificate among it, comes after the limit.
      limitSeconds: 27,
      clock: 'wall',
      helpers: 1,
      patienceSeconds: 600,
    })),
    judge: (done) =>
      done.flatMap(({ instance, outcome }) => {
        const variant = variants.find((one) => instance.includes(one)) ?? 'base';
        return [
          atMost(`${instance}: certified gap`, certifiedGap(outcome), { base: 0.003, labor: 0.004, scarce: 0.006 }[variant]),
          { bar: `${instance}: 30 s of wall time`, measured: `${outcome.wallSeconds.toFixed(1)} s`, reached: outcome.wallSeconds <= 30 },
          { bar: `${instance}: at most 1 GB`, measured: `${outcome.peakRssMb.toFixed(0)} MB`, reached: outcome.peakRssMb <= 1_024 },
          {
            bar: `${instance}: a plan within 1 %${variant === 'base' ? ' in 10 s' : ''}`,
            measured: `${within(outcome, 0.01).toFixed(1)} s`,
            ...(variant === 'base' ? { reached: within(outcome, 0.01) <= 10 } : {}),
          },
        ];
      }),
  },
  single: {
    title: 'One order now: 10,000 orders at 50 nodes quoted and placed one by one at warm prices, median under 1 ms',
    cases: days(10_000, 50, firstSeed).map((instance) => ({
      instance,
      way: 'desk',
      engine: 'none',
      singleOrders: 10_000,
      patienceSeconds: 300,
    })),
    judge: (done) =>
      done.flatMap(({ instance, outcome: { desk } }) =>
        desk === null
          ? []
          : [
              {
                bar: `${instance}: quote and place, median under 1 ms`,
                measured: `${desk.both.median.toFixed(2)} ms`,
                reached: desk.both.median < 1,
              },
              {
                bar: `${instance}: quote (${desk.alternatives.toFixed(0)} alternatives), median and p99; place`,
                measured: `${desk.quote.median.toFixed(2)} and ${desk.quote.p99.toFixed(2)} ms; ${desk.place.median.toFixed(2)} and ${desk.place.p99.toFixed(2)} ms`,
              },
            ],
      ),
  },
  warm: {
    title: 'Warm: 1 % of 10,000 orders changed, under a fifth of the cold time, gap not above the cold one plus 0.05 %',
    cases: seeds(2)
      .flatMap((seed) => days(10_000, 10, seed))
      .flatMap((instance): Case[] => {
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

/** Wall seconds until the plan was within this share of the final bound; Infinity where it never was. */
export function within(outcome: Outcome, gap: number): number {
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
  return { bar: `${bar} at most ${percent(limit)}`, measured: percent(measured), reached: measured <= limit };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(3)} %`;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}
