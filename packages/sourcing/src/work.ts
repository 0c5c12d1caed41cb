import { sweepRoom, sweepStockPrices, type SweepRoom } from './ascent.ts';
import type { Numbers } from './compile.ts';
import { regrets, type Regrets } from './construct.ts';
import { contestedSkus, type ContestedSku, type ContestedSkus } from './contested.ts';
import { demandOf, type Demand } from './demand.ts';
import type { MadeTables } from './order-table.ts';
import { pricer, type Pricer } from './pricer.ts';
import { copyPrices, setPrices, type Prices } from './prices.ts';
import { enterPlans, searchPart, searchPlace, type SearchJob, type SearchPlace } from './search-place.ts';
import { enterPrices, pricesOfSkus } from './sku-prices.ts';

/** A piece of work that any thread can do: what comes out depends on the batch, the board and the job alone. */
export type Job =
  | { readonly kind: 'tables'; readonly first: number; readonly end: number }
  | { readonly kind: 'adopt'; readonly tables: MadeTables }
  | { readonly kind: 'sweep'; readonly stage: number; readonly part: number; readonly cuts: boolean }
  | { readonly kind: 'demand'; readonly first: number; readonly end: number }
  | { readonly kind: 'regrets'; readonly first: number; readonly end: number }
  /** Begins a search at the prices of the board: with what each order costs at least, see `leastAt`, and nothing shipped. */
  | { readonly kind: 'begin'; readonly least: Float64Array }
  /** New plans of some orders in the common draft, as `packPlans` packed them. */
  | { readonly kind: 'plans'; readonly plans: Float64Array }
  | ({ readonly kind: 'search' } & SearchJob);

/** What a job comes to; `steps` is the pricing that it took. */
export interface Done {
  readonly steps: number;
  readonly tables?: MadeTables;
  /** Of a sweep: the new prices of its SKUs, as `enterPrices` reads them. */
  readonly prices?: Float64Array;
  readonly demand?: Demand;
  readonly regrets?: Regrets;
  /** Of a part of a search: the changes that it found, each packed. */
  readonly changes?: readonly Float64Array[];
}

/** What all threads of a run know: the batch, the board of prices (written between jobs only), and how the SKUs are divided. */
export interface SharedBatch {
  readonly numbers: Numbers;
  readonly board: Prices;
  readonly division: Division;
}

/** Stages of one sweep, and parts of a stage that do not wait for one another. By the size of the problem, never by the number of threads: prices must not depend on it. */
export interface Division {
  readonly stages: number;
  readonly parts: number;
}

/** Where one thread works. */
export interface Workplace {
  readonly given: Pricer<Numbers>;
  readonly board: Prices;
  /** The thread's own prices: jobs begin with those of the board. */
  readonly own: Prices;
  readonly room: SweepRoom;
  readonly division: Division;
  /** The SKUs of a part of a stage. */
  readonly skusOf: (stage: number, part: number) => readonly ContestedSku[];
  readonly contested: ContestedSkus;
  /** From the job that begins a search on. */
  search?: SearchPlace;
}

export function workplace(given: Pricer<Numbers>, board: Prices, division: Division): Workplace {
  const contested = contestedSkus(given.compiled);
  const { stages, parts } = division;
  const groups = Array.from({ length: stages * parts }, (): ContestedSku[] => []);
  for (const [at, each] of [...contested.values()].entries()) groups[at % groups.length]!.push(each);
  return {
    given,
    board,
    own: copyPrices(board),
    room: sweepRoom(given.compiled),
    division,
    skusOf: (stage, part) => groups[stage * parts + part]!,
    contested,
  };
}

/** The workplace of a thread that got the batch from another. */
export function workplaceOf({ numbers, board, division }: SharedBatch): Workplace {
  return workplace(pricer(numbers), board, division);
}

/** Does a job. The board is read, never written. */
export function perform(place: Workplace, job: Job): Done {
  const { given, own } = place;
  const before = given.meter.steps;
  const done = (result: Omit<Done, 'steps'>): Done => ({ steps: given.meter.steps - before, ...result });
  if (job.kind === 'tables') return done({ tables: given.tables.make(job.first, job.end) });
  if (job.kind === 'adopt') {
    given.tables.adopt(job.tables);
    return done({});
  }
  if (job.kind === 'plans' || job.kind === 'search') return done(searchAt(place, job));
  setPrices(own, place.board);
  if (job.kind === 'begin') {
    place.search = searchPlace(given, own, place.contested, job.least);
    return done({});
  }
  if (job.kind === 'regrets') return done({ regrets: regrets(given, own, job.first, job.end) });
  if (job.kind === 'demand') return done({ demand: demandOf(given, own, job.first, job.end) });
  const skus = place.skusOf(job.stage, job.part);
  sweepStockPrices(given, skus, own, place.room, { cuts: job.cuts });
  return done({ prices: pricesOfSkus(given.compiled, skus, own) });
}

function searchAt({ search }: Workplace, job: Extract<Job, { readonly kind: 'plans' | 'search' }>): Omit<Done, 'steps'> {
  if (search === undefined) throw new Error('A search goes on that has not begun.');
  if (job.kind === 'search') return { changes: searchPart(search, job) };
  enterPlans(search, job.plans);
  return {};
}

/** The prices that a sweep came to are entered on the board. */
export function enterSweep({ given, board, skusOf }: Workplace, stage: number, part: number, { prices }: Done): void {
  if (prices !== undefined) enterPrices(given.compiled, skusOf(stage, part), prices, board);
}
