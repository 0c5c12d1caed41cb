import { laborCost, poolsOf, stockRow, type Numbers } from './compile.ts';
import { availableUnits, minuteLimit, shipmentMinutes, type Shipment } from './ledger.ts';
import { lineCountOf } from './order-table.ts';
import type { Option, Source } from './sources.ts';
import type { LineRules } from './order-numbers.ts';
import type { Terms } from './price.ts';
import { cutPrice, unitPrice, type Prices } from './prices.ts';

/** The line-by-line bound of a long order, and what it supposes: where each line rides (-1: open) and whose fixed part is paid. */
export interface LineByLine {
  readonly value: number;
  readonly nodeOfLine: Int32Array;
  readonly fixedNode: number;
  readonly fixedSlot: number;
}

/**
 * Lower bound of an order with more lines than can be priced exactly: either nothing is shipped, or some shipment's fixed part is paid and each line
 * pays at least its own share at its cheapest place, or stays open. Into `alternatives[line * nodes + node]`, where given, the line's least share without stock price.
 */
export function lineByLineBound(
  compiled: Numbers,
  order: number,
  sources: readonly Source[],
  prices: Prices,
  alternatives?: Float64Array,
): LineByLine {
  const complete = compiled.orderComplete[order] === 1;
  const start = compiled.lineStart[order]!;
  const lineCount = lineCountOf(compiled, order);
  const pools = poolsOf(compiled, order);
  const share = new Float64Array(lineCount).fill(Infinity);
  const nodeOfLine = new Int32Array(lineCount).fill(-1);
  alternatives?.fill(Infinity);
  let fixed = Infinity;
  let fixedNode = -1;
  let fixedSlot = -1;
  for (const { node, can, options } of sources) {
    const labor = compiled.labor[node]!;
    const rate = prices.labor[node]!;
    for (const option of options) {
      const slotPrice = option.slot >= 0 ? prices.slot[option.slot]! : 0;
      const fixedHere = option.leastPrice + option.surcharge + slotPrice + rate * labor.perShipment;
      if (fixedHere < fixed) {
        fixed = fixedHere;
        fixedNode = node;
        fixedSlot = option.slot;
      }
      for (let line = 0; line < lineCount; line++) {
        const kg = compiled.lineKg[start + line]!;
        if (can[line] !== true || option.allowed[line] !== true || kg > option.maxKg + 1e-9) continue;
        const units = compiled.lineUnits[start + line]!;
        const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
        const beside =
          option.perKg * kg + option.lineCost[line]! + cutPrice(prices, row, units) + rate * (labor.perLine + labor.perUnit * units);
        const total = beside + units * unitPrice(prices, row, pools);
        if (total < share[line]!) {
          share[line] = total;
          nodeOfLine[line] = node;
        }
        if (alternatives !== undefined)
          alternatives[line * compiled.nodeCount + node] = Math.min(alternatives[line * compiled.nodeCount + node]!, beside);
      }
    }
  }
  let nothing = 0;
  let some = fixed;
  for (let line = 0; line < lineCount; line++) {
    const open = compiled.lineOpenCost[start + line]!;
    nothing += open;
    if (!complete && open <= share[line]!) nodeOfLine[line] = -1;
    some += complete ? share[line]! : Math.min(open, share[line]!);
  }
  if (some < nothing) return { value: some, nodeOfLine, fixedNode, fixedSlot };
  return { value: nothing, nodeOfLine: nodeOfLine.fill(-1), fixedNode: -1, fixedSlot: -1 };
}

/** A shipment in the making: one way out of one node, and the lines on it. */
interface Bin {
  readonly source: Source;
  readonly option: Option;
}

/**
 * A good plan of an order of any number of lines on the terms (no proof that it is the best): bins are added one by one, or dropped from one at every node, each line
 * rides in the bin where it adds least or stays open, and a bin is exchanged where the order is cheaper with another. The answer respects bundles, ship-complete, caps and the weight limits.
 */
export function planLongOrder(compiled: Numbers, order: number, sources: readonly Source[], terms: Terms): Shipment[] {
  const limit = compiled.orderMaxShipments[order]!;
  const likeliest = sources.map((source) => ({ source, option: likeliestOption(compiled, order, source) }));
  const starts = [[], bestPair(compiled, order, likeliest, limit, terms), fewBins(compiled, order, likeliest, limit, terms)];
  const [first, ...others] = starts.map((start) => improved(compiled, order, sources, start, limit, terms));
  return others.reduce((best, other) => (other.cost < best.cost - 1e-9 ? other : best), first!).shipments;
}

/** The best plan that single steps lead to: a bin more, a bin less, another bin in its place. */
function improved(
  compiled: Numbers,
  order: number,
  sources: readonly Source[],
  start: readonly Bin[],
  limit: number,
  terms: Terms,
): Assigned {
  let bins = [...start];
  let known = assignLines(compiled, order, bins, terms);
  for (let guard = 0; guard < 64; guard++) {
    const step = bestStep(compiled, order, sources, bins, limit, terms, known.cost);
    if (step === undefined) break;
    bins = step.bins;
    known = step.result;
  }
  return moveLines(compiled, order, bins, known, terms);
}

/** The two bins that serve the order best together: where nothing ships before all of an order or of a bundle does, bins added one by one would never get there. */
function bestPair(compiled: Numbers, order: number, bins: readonly Bin[], limit: number, terms: Terms): Bin[] {
  let best: Bin[] = [];
  if (limit < 2) return best;
  let least = Infinity;
  for (const [index, one] of bins.entries()) {
    for (const other of bins.slice(index + 1)) {
      const { cost } = assignLines(compiled, order, [one, other], terms);
      if (cost < least) [least, best] = [cost, [one, other]];
    }
  }
  return best;
}

/** The bins that are left when one after the other goes that the order misses least, until it uses no more than it may. */
function fewBins(compiled: Numbers, order: number, all: readonly Bin[], limit: number, terms: Terms): Bin[] {
  let bins = [...all];
  for (;;) {
    const used = new Set(assignLines(compiled, order, bins, terms).chosen);
    if (used.size - (used.has(-1) ? 1 : 0) <= limit) return bins.filter((_, index) => used.has(index));
    let least = Infinity;
    let best = bins.slice(1);
    for (const index of bins.keys()) {
      const candidate = bins.filter((_, other) => other !== index);
      const { cost } = assignLines(compiled, order, candidate, terms);
      if (cost < least) [least, best] = [cost, candidate];
    }
    bins = best;
  }
}

/** The service that is cheapest for all that the node can ship of the order. */
function likeliestOption(compiled: Numbers, order: number, { can, options }: Source): Option {
  const start = compiled.lineStart[order]!;
  const costs = options.map((option) => {
    let kg = 0;
    let litres = 0;
    let cost = option.surcharge;
    for (const [line, isThere] of can.entries()) {
      if (!isThere || option.allowed[line] !== true) {
        cost += isThere ? compiled.lineOpenCost[start + line]! : 0;
        continue;
      }
      kg += compiled.lineKg[start + line]!;
      litres += compiled.lineLitres[start + line]!;
      cost += option.lateCost[line]!;
    }
    return cost + option.price(Math.min(kg, option.maxKg), litres);
  });
  return options[costs.indexOf(Math.min(...costs))] ?? options[0]!;
}

/** Moves single lines between the bins while the order gets cheaper by its exact cost. */
function moveLines(compiled: Numbers, order: number, bins: readonly Bin[], from: Assigned, terms: Terms): Assigned {
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  let known = from;
  for (let round = 0, gained = true; gained && round < 4; round++) {
    gained = false;
    for (const [line, now] of from.chosen.entries()) {
      if (now < 0) continue;
      for (const [index, { source, option }] of bins.entries()) {
        if (known.chosen[line] === index || !from.chosen.includes(index) || source.can[line] !== true || option.allowed[line] !== true)
          continue;
        const row = stockRow(compiled, source.node, compiled.lineSku[start + line]!);
        // Other lines of the same SKU may have taken what is left there.
        let units = compiled.lineUnits[start + line]!;
        for (const [other, bin] of known.chosen.entries())
          if (
            other !== line &&
            bin >= 0 &&
            bins[bin]!.source.node === source.node &&
            compiled.lineSku[start + other] === compiled.lineSku[start + line]
          )
            units += compiled.lineUnits[start + other]!;
        if (terms.ledger !== undefined && units > availableUnits(terms.ledger, row, pools)) continue;
        const chosen = Int32Array.from(known.chosen);
        chosen[line] = index;
        const moved = priced(compiled, order, bins, chosen, terms);
        if (moved.cost >= known.cost - 1e-9) continue;
        known = moved;
        gained = true;
      }
    }
  }
  return known;
}

interface Assigned {
  readonly cost: number;
  /** By line: its bin, or -1 for open. */
  readonly chosen: Int32Array;
  readonly shipments: Shipment[];
}

function bestStep(
  compiled: Numbers,
  order: number,
  sources: readonly Source[],
  bins: readonly Bin[],
  limit: number,
  terms: Terms,
  than: number,
): { bins: Bin[]; result: Assigned } | undefined {
  let found: { bins: Bin[]; result: Assigned } | undefined;
  const consider = (candidate: Bin[]): void => {
    const result = assignLines(compiled, order, candidate, terms);
    if (result.cost < (found?.result.cost ?? than) - 1e-9) found = { bins: candidate, result };
  };
  const every = sources.flatMap((source) => source.options.map((option) => ({ source, option })));
  if (bins.length < limit) for (const bin of every) consider([...bins, bin]);
  for (const index of bins.keys()) consider(bins.filter((_, other) => other !== index));
  if (found === undefined)
    for (const index of bins.keys()) for (const bin of every) consider(bins.map((old, other) => (other === index ? bin : old)));
  return found;
}

/** Puts each line where it adds least, keeps bundles and ship-complete whole, and adds up the exact cost on the terms. */
function assignLines(compiled: Numbers, order: number, bins: readonly Bin[], terms: Terms): Assigned {
  const complete = compiled.orderComplete[order] === 1;
  const rules = compiled.orderRules.get(order)?.lines ?? [];
  const start = compiled.lineStart[order]!;
  const lineCount = lineCountOf(compiled, order);
  const pools = poolsOf(compiled, order);
  const { prices, ledger } = terms;
  const chosen = new Int32Array(lineCount).fill(-1);
  const binKg = new Float64Array(bins.length);
  const taken = new Map<number, number>();
  const slotsTaken = new Map<number, number>();
  const open = bins.map(({ option }) => {
    if (option.slot < 0 || ledger === undefined) return true;
    const mine = (slotsTaken.get(option.slot) ?? 0) + 1;
    slotsTaken.set(option.slot, mine);
    return ledger.slotUsed[option.slot]! + mine <= compiled.slots[option.slot]!.limit;
  });
  for (let line = 0; line < lineCount; line++) {
    const units = compiled.lineUnits[start + line]!;
    const kg = compiled.lineKg[start + line]!;
    let least = complete || rules[line]?.bundle !== undefined ? Infinity : compiled.lineOpenCost[start + line]!;
    for (const [index, { source, option }] of bins.entries()) {
      if (!open[index] || source.can[line] !== true || option.allowed[line] !== true || binKg[index]! + kg > option.maxKg + 1e-9) continue;
      const row = stockRow(compiled, source.node, compiled.lineSku[start + line]!);
      const left = ledger === undefined ? Infinity : availableUnits(ledger, row, pools) - (taken.get(row) ?? 0);
      if (units > left) continue;
      const labor = compiled.labor[source.node]!;
      const added =
        units * unitPrice(prices, row, pools) +
        cutPrice(prices, row, units) +
        option.perKg * kg +
        option.lineCost[line]! +
        prices.labor[source.node]! * (labor.perLine + labor.perUnit * units);
      if (added < least) {
        least = added;
        chosen[line] = index;
      }
    }
    const index = chosen[line]!;
    if (index < 0) continue;
    const row = stockRow(compiled, bins[index]!.source.node, compiled.lineSku[start + line]!);
    binKg[index]! += kg;
    taken.set(row, (taken.get(row) ?? 0) + units);
  }
  dropBroken(rules, complete, chosen);
  return priced(compiled, order, bins, chosen, terms);
}

/** A bundle with a line left open stays open altogether; so does a ship-complete order. */
function dropBroken(rules: readonly LineRules[], shipComplete: boolean, chosen: Int32Array): void {
  const broken = new Set<number>();
  for (const [line, { bundle }] of rules.entries()) if (bundle !== undefined && chosen[line]! < 0) broken.add(bundle);
  if (shipComplete && chosen.includes(-1)) chosen.fill(-1);
  for (const [line, { bundle }] of rules.entries()) if (bundle !== undefined && broken.has(bundle)) chosen[line] = -1;
}

function priced(compiled: Numbers, order: number, bins: readonly Bin[], chosen: Int32Array, terms: Terms): Assigned {
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  const { prices } = terms;
  const shipments: Shipment[] = [];
  const added = new Map<number, number>();
  let cost = 0;
  for (const [line, index] of chosen.entries()) if (index < 0) cost += compiled.lineOpenCost[start + line]!;
  for (const [index, { source, option }] of bins.entries()) {
    const lines = [...chosen.keys()].filter((line) => chosen[line] === index);
    if (lines.length === 0) continue;
    let kg = 0;
    let litres = 0;
    let byLine = 0;
    for (const line of lines) {
      kg += compiled.lineKg[start + line]!;
      litres += compiled.lineLitres[start + line]!;
      byLine += option.lineCost[line]!;
      const row = stockRow(compiled, source.node, compiled.lineSku[start + line]!);
      const units = compiled.lineUnits[start + line]!;
      cost += units * unitPrice(prices, row, pools) + cutPrice(prices, row, units);
    }
    const minutes = shipmentMinutes(compiled, order, source.node, lines);
    const own = option.price(kg, litres) + option.surcharge + byLine;
    added.set(source.node, (added.get(source.node) ?? 0) + minutes);
    cost += own + (option.slot >= 0 ? prices.slot[option.slot]! : 0);
    shipments.push({ node: source.node, service: option.service, slot: option.slot, lines, cost: own, minutes });
  }
  cost += Math.max(0, shipments.length - 1) * compiled.orderSplitCost[order]!;
  for (const [node, minutes] of added) cost += laborTerm(compiled, node, minutes, terms);
  return { cost, chosen, shipments };
}

function laborTerm(compiled: Numbers, node: number, minutes: number, { prices, ledger, laborBy }: Terms): number {
  const byPrice = prices.labor[node]! * minutes;
  if (ledger === undefined || laborBy === 'prices') return byPrice;
  const used = Math.max(0, ledger.minutes[node]!);
  if (used + minutes > minuteLimit(compiled, node)) return Infinity;
  const tiers = compiled.labor[node]!.tiers;
  const byLedger = laborCost(tiers, used + minutes) - laborCost(tiers, used);
  return laborBy === 'ledger' ? byLedger : Math.max(byPrice, byLedger);
}
