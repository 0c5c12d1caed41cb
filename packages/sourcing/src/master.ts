import { cutLimit } from './bound.ts';
import { poolsOf, stockRow, type Numbers } from './compile.ts';
import type { Draft } from './draft.ts';
import type { Column } from './enumerate.ts';
import { minuteLimit, type Ledger } from './ledger.ts';
import type { RoundingCut } from './prices.ts';
import type { MipProblem } from './solver-port.ts';

/** What a row of the master program limits. */
export type RowTag =
  | { readonly kind: 'order'; readonly order: number }
  | { readonly kind: 'stock'; readonly row: number }
  | { readonly kind: 'pool'; readonly pool: number }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'labor'; readonly node: number }
  | { readonly kind: 'cut'; readonly cut: RoundingCut };

/** The master program: one column per plan, one plan per order, within the limits. The first program columns are `columns`; reserved overflow and labor tiers follow. */
export interface MasterProgram {
  readonly program: MipProblem;
  readonly columns: readonly Column[];
  readonly tags: readonly RowTag[];
  /** By node: the cost of a minute where its labor stays within one tier and needs no row; 0 elsewhere. */
  readonly laborRate: Float64Array;
}

export interface MasterChoices {
  readonly integer: boolean;
  readonly cuts: readonly RoundingCut[];
  /** Columns already booked in the ledger that the cuts must count. */
  readonly fixed: readonly Column[];
}

/** Chooses one of each order's columns at least cost within what `taken` leaves; limits that no choice can pass are left out. */
export function masterProgram(taken: Ledger, columnsOf: readonly (readonly Column[])[], choices: MasterChoices): MasterProgram {
  const { compiled } = taken;
  const columns = columnsOf.flat();
  const uses = usesOf(compiled, columnsOf);
  const build: Build = { rows: [], tags: [], extra: [], first: columns.length };
  let at = 0;
  for (const own of columnsOf) {
    const start = at;
    addRow(
      build,
      { kind: 'order', order: own[0]!.order },
      1,
      1,
      own.map((_, index) => [start + index, 1]),
    );
    at += own.length;
  }
  addStockRows(taken, uses, build);
  for (const [slot, use] of uses.slot) {
    const upper = compiled.slots[slot]!.limit - taken.slotUsed[slot]!;
    if (use.most > upper) addRow(build, { kind: 'slot', slot }, -Infinity, upper, use.entries);
  }
  addCutRows(compiled, columns, choices, build);
  const laborRate = addLaborRows(taken, uses, build);
  const priced = columns.map(({ cost, shipments }) => ({
    cost: shipments.reduce((sum, { node, minutes }) => sum + laborRate[node]! * minutes, cost),
    lower: 0,
    upper: choices.integer ? 1 : Infinity,
    integer: choices.integer,
  }));
  return { program: { columns: [...priced, ...build.extra], rows: build.rows }, columns, tags: build.tags, laborRate };
}

/** Values of the program that stand for a draft's plans; undefined where the program has no column for one of them. */
export function startOf({ program, columns, tags }: MasterProgram, draft: Draft): number[] | undefined {
  const wanted = new Set(columns.map(({ order }) => order));
  const values = program.columns.map((_, index): number => {
    const column = columns[index];
    if (column === undefined || !wanted.has(column.order) || !takesTheSame(column.shipments, draft.plans[column.order]!)) return 0;
    wanted.delete(column.order);
    return 1;
  });
  if (wanted.size > 0) return undefined;
  // What flows over reservations and into labor tiers follows from the plans: the variables of a row are filled one after the other.
  for (const [row, { upper, entries }] of program.rows.entries()) {
    const { kind } = tags[row]!;
    if (kind !== 'pool' && kind !== 'labor') continue;
    let rest = 0 - upper;
    for (const [column, amount] of entries) if (column < columns.length) rest += amount * values[column]!;
    for (const [column] of entries) {
      if (column < columns.length) continue;
      values[column] = Math.min(program.columns[column]!.upper, Math.max(0, rest));
      rest -= values[column];
    }
  }
  return values;
}

/** True for plans that use the same stock and the same caps. */
export function takesTheSame(left: Column['shipments'], right: Column['shipments']): boolean {
  return (
    left.length === right.length &&
    left.every((one) =>
      right.some((other) => one.node === other.node && one.slot === other.slot && one.lines.join() === other.lines.join()),
    )
  );
}

type Entry = [column: number, coefficient: number];

interface Build {
  readonly rows: { lower: number; upper: number; entries: Entry[] }[];
  readonly tags: RowTag[];
  readonly extra: { cost: number; lower: number; upper: number; integer: boolean }[];
  readonly first: number;
}

function addRow(build: Build, tag: RowTag, lower: number, upper: number, entries: Entry[]): void {
  build.rows.push({ lower, upper, entries });
  build.tags.push(tag);
}

function addVariable(build: Build, cost: number, upper: number): number {
  build.extra.push({ cost, lower: 0, upper, integer: false });
  return build.first + build.extra.length - 1;
}

/** Who uses a limit how much; `most` is the use if every order chose its column that uses it most. */
interface Use {
  readonly entries: Entry[];
  most: number;
}

interface Uses {
  /** By stock row, of channels without a reservation there. */
  readonly shared: Map<number, Use>;
  readonly pool: Map<number, Use>;
  readonly slot: Map<number, Use>;
  readonly minutes: Map<number, Use>;
}

function usesOf(compiled: Numbers, columnsOf: readonly (readonly Column[])[]): Uses {
  const uses: Uses = { shared: new Map(), pool: new Map(), slot: new Map(), minutes: new Map() };
  let at = 0;
  for (const own of columnsOf) {
    const most = {
      shared: new Map<number, number>(),
      pool: new Map<number, number>(),
      slot: new Map<number, number>(),
      minutes: new Map<number, number>(),
    };
    for (const column of own) {
      const mine = useOfColumn(compiled, column);
      for (const kind of ['shared', 'pool', 'slot', 'minutes'] as const) {
        for (const [key, amount] of mine[kind]) {
          const use = uses[kind].get(key) ?? { entries: [], most: 0 };
          uses[kind].set(key, use);
          use.entries.push([at, amount]);
          most[kind].set(key, Math.max(most[kind].get(key) ?? 0, amount));
        }
      }
      at++;
    }
    for (const kind of ['shared', 'pool', 'slot', 'minutes'] as const)
      for (const [key, amount] of most[kind]) uses[kind].get(key)!.most += amount;
  }
  return uses;
}

function useOfColumn(compiled: Numbers, { order, shipments }: Column): Record<keyof Uses, Map<number, number>> {
  const use = {
    shared: new Map<number, number>(),
    pool: new Map<number, number>(),
    slot: new Map<number, number>(),
    minutes: new Map<number, number>(),
  };
  const add = (map: Map<number, number>, key: number, amount: number): void => void map.set(key, (map.get(key) ?? 0) + amount);
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  for (const { node, slot, lines, minutes } of shipments) {
    for (const line of lines) {
      const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
      const pool = pools === undefined ? -1 : pools[row]!;
      add(pool < 0 ? use.shared : use.pool, pool < 0 ? row : pool, compiled.lineUnits[start + line]!);
    }
    if (slot >= 0) add(use.slot, slot, 1);
    add(use.minutes, node, minutes);
  }
  return use;
}

/** Stock of a row serves the channels without reservation and what the others take beyond theirs. */
function addStockRows(taken: Ledger, uses: Uses, build: Build): void {
  const { compiled } = taken;
  const poolsOfRow = new Map<number, number[]>();
  for (const pool of uses.pool.keys()) {
    const row = stockRow(compiled, compiled.pools[pool]!.node, compiled.pools[pool]!.sku);
    poolsOfRow.set(row, [...(poolsOfRow.get(row) ?? []), pool]);
  }
  for (const row of new Set([...uses.shared.keys(), ...poolsOfRow.keys()])) {
    const shared = uses.shared.get(row);
    const pools = (poolsOfRow.get(row) ?? []).map((pool) => ({
      pool,
      use: uses.pool.get(pool)!,
      left: Math.max(0, compiled.pools[pool]!.units - taken.poolUsed[pool]!),
    }));
    const upper = compiled.stock[row]! - taken.sharedUsed[row]!;
    if ((shared?.most ?? 0) + pools.reduce((sum, { use, left }) => sum + Math.max(0, use.most - left), 0) <= upper) continue;
    const entries: Entry[] = [...(shared?.entries ?? [])];
    for (const { pool, use, left } of pools) {
      const overflow = addVariable(build, 0, Infinity);
      entries.push([overflow, 1]);
      addRow(build, { kind: 'pool', pool }, -Infinity, left, [...use.entries, [overflow, -1]]);
    }
    addRow(build, { kind: 'stock', row }, -Infinity, upper, entries);
  }
}

function addCutRows(compiled: Numbers, columns: readonly Column[], { cuts, fixed }: MasterChoices, build: Build): void {
  if (cuts.length === 0) return;
  const cutsOfRow = new Map<number, { cut: RoundingCut; entries: Entry[]; limit: number }[]>();
  for (const cut of cuts) cutsOfRow.set(cut.row, [...(cutsOfRow.get(cut.row) ?? []), { cut, entries: [], limit: cutLimit(compiled, cut) }]);
  const eachLine = ({ order, shipments }: Column, visit: (row: number, units: number) => void): void => {
    const start = compiled.lineStart[order]!;
    for (const { node, lines } of shipments)
      for (const line of lines) visit(stockRow(compiled, node, compiled.lineSku[start + line]!), compiled.lineUnits[start + line]!);
  };
  for (const column of fixed) {
    eachLine(column, (row, units) => {
      for (const known of cutsOfRow.get(row) ?? []) known.limit -= Math.floor((units * known.cut.num) / known.cut.den);
    });
  }
  for (const [index, column] of columns.entries()) {
    const sums = new Map<Entry[], number>();
    eachLine(column, (row, units) => {
      for (const { cut, entries } of cutsOfRow.get(row) ?? [])
        sums.set(entries, (sums.get(entries) ?? 0) + Math.floor((units * cut.num) / cut.den));
    });
    for (const [entries, amount] of sums) if (amount > 0) entries.push([index, amount]);
  }
  for (const known of cutsOfRow.values())
    for (const { cut, entries, limit } of known) if (entries.length > 0) addRow(build, { kind: 'cut', cut }, -Infinity, limit, entries);
}

function addLaborRows(taken: Ledger, uses: Uses, build: Build): Float64Array {
  const { compiled } = taken;
  const laborRate = new Float64Array(compiled.nodeCount);
  for (const [node, use] of uses.minutes) {
    const before = Math.max(0, taken.minutes[node]!);
    const rate = singleRate(compiled, node, before, before + use.most);
    if (rate !== undefined) {
      laborRate[node] = rate;
      continue;
    }
    const entries: Entry[] = [...use.entries];
    let start = 0;
    const limit = minuteLimit(compiled, node);
    for (const tier of compiled.labor[node]!.tiers) {
      const end = Math.min(limit, start + (tier.minutes ?? Infinity));
      if (end > before) entries.push([addVariable(build, tier.costPerMinute, end - Math.max(start, before)), -1]);
      start = end;
    }
    addRow(build, { kind: 'labor', node }, -Infinity, 0, entries);
  }
  return laborRate;
}

/** The rate of the one tier that all minutes between `least` and `most` fall into; undefined where there are several, or a cap may be passed. */
function singleRate(compiled: Numbers, node: number, least: number, most: number): number | undefined {
  let end = 0;
  for (const tier of compiled.labor[node]!.tiers) {
    end += tier.minutes ?? Infinity;
    if (least < end) return most <= end ? tier.costPerMinute : undefined;
  }
  return undefined;
}
