import { currencyExponent } from '@quartermaster/domain';
import { exceptionKinds, figures, hasLeft, physicalLines, type FigureClass, type OrderCase } from '@quartermaster/fulfilment';
import type { ExceptionCase, JournalReader, ReadTransaction } from '@quartermaster/journal';
import type { UsualRule } from './waves/usual-rules.ts';
import { baselineKind, waveRecordSchema, type WaveRecord } from './waves/wave.ts';
import { baselineSchema, waveKind, comparedShipments, comparedSince, takesPart, unitsByLine } from './waves/baseline.ts';
import { backorderedCode } from './exceptions/backorders.ts';
import { costOf, type CostedShipment, type CostMinor } from './waves/day-cost.ts';
import { listCases } from './order-cases.ts';
import type { FlowSettings } from './settings.ts';
import { stockSeen, type StockSeen } from './stock/stock-seen.ts';
import { unfilledCostPerUnit, type Demand } from './waves/sourcing-problem.ts';

/** Figures of the compared days: how many orders are where, what the plan costs, and what the usual rule would have cost. Money in minor units of the plan's currency. */
export type Summary = {
  readonly currency: string;
  readonly orders: Readonly<Record<FigureClass, number>> & { readonly in: number; readonly confirmed: number };
  readonly plan: Choice;
  /** What nearest first would have cost: the first of the rules. */
  readonly baseline: Choice;
  /** What each of the usual rules would have cost. */
  readonly rules: Readonly<Record<UsualRule, Choice>>;
  /** How much cheaper a perfect plan could at most have been, over all waves, as a fraction of the cost. */
  readonly gap: number;
  readonly labels: { readonly count: number; readonly spentMinor: number };
  readonly waves: readonly WaveRecord[];
  readonly exceptions: readonly ExceptionCase[];
  /** Null before anything was published. */
  readonly stock: StockSeen | null;
};

export type Choice = {
  readonly cost: CostMinor;
  readonly shipments: number;
  readonly splitOrders: number;
  readonly lateOrders: number;
  readonly unfilledLines: number;
};

/** Reads every order that there ever was: for the end of a day that is played. A running daemon is looked at by `overview`. */
export async function summarize(journal: JournalReader, settings: FlowSettings): Promise<Summary> {
  return journal.read(async (tx) => {
    const cases = (await listCases(tx)).map((stored) => stored.case);
    const waves = (await tx.records.list(waveKind, waveRecordSchema, { limit: 10_000 })).map((record) => record.body);
    const exceptions = await tx.exceptions.list({ open: true, limit: 10_000 });
    return {
      currency: settings.currency,
      orders: orderFigures(cases, exceptions),
      ...(await comparisonOf(tx, cases, waves, settings)),
      waves,
      exceptions,
      stock: await stockSeen(tx),
    };
  });
}

/** What the plan cost and what the usual rule would have cost, over the compared days up to the last of `waves`; `cases` are at least those that take part in them. */
export type Comparison = Pick<Summary, 'plan' | 'baseline' | 'rules' | 'gap' | 'labels'>;

export async function comparisonOf(
  tx: ReadTransaction,
  cases: readonly OrderCase[],
  waves: readonly WaveRecord[],
  settings: FlowSettings,
): Promise<Comparison> {
  const since = comparedSince(waves.at(-1)?.slot ?? '1970-01-01T00:00:00.000Z');
  const taking = cases.filter((each) => takesPart(each, since));
  const wanted = wantsOf(taking);
  const chosenBy = async (rule: UsualRule) => {
    const kept = await tx.records.get(baselineKind, rule, baselineSchema);
    return choiceOf(wanted, kept?.body.shipments ?? [], settings);
  };
  const rules = {
    'nearest-first': await chosenBy('nearest-first'),
    'rule-cascade': await chosenBy('rule-cascade'),
    'fewest-splits': await chosenBy('fewest-splits'),
  };
  const compared = waves.filter((wave) => wave.slot >= since);
  const cost = compared.reduce((sum, wave) => sum + wave.costMinor.total, 0);
  const proven = compared.reduce((sum, wave) => sum + wave.boundMinor, 0);
  const labels = cases.flatMap((each) => each.shipments.flatMap((shipment) => shipment.labels));
  return {
    plan: choiceOf(wanted, comparedShipments(taking, since), settings),
    baseline: rules['nearest-first'],
    rules,
    // Costs are of whole minor units, and their rounding may leave the bound above them.
    gap: cost === 0 ? 0 : Math.max(0, (cost - proven) / cost),
    labels: { count: labels.length, spentMinor: labels.reduce((sum, { label }) => sum + label.price.minor, 0) },
  };
}

/** Class of every order, by key: the same that the summary counts. */
export async function classify(tx: ReadTransaction): Promise<Map<string, FigureClass>> {
  const cases = (await listCases(tx)).map((stored) => stored.case);
  const blocked = blockedOrders(await tx.exceptions.list({ open: true, limit: 10_000 }));
  return new Map(cases.map((each) => [each.key, figures(each, blocked.has(each.key))]));
}

function orderFigures(cases: readonly OrderCase[], exceptions: readonly ExceptionCase[]): Summary['orders'] {
  const blocked = blockedOrders(exceptions);
  const counts = { shipped: 0, partial: 0, backordered: 0, held: 0, cancelled: 0, exceptions: 0, open: 0, in: cases.length, confirmed: 0 };
  for (const each of cases) {
    const place = figures(each, blocked.has(each.key));
    counts[place]++;
    const left = each.shipments.filter(hasLeft);
    if ((place === 'shipped' || place === 'partial') && left.every((shipment) => shipment.state === 'confirmed')) counts.confirmed++;
  }
  return counts;
}

/** Orders that an open exception of a blocking kind stands on; one of ours that fulfilment does not know (a parcel too heavy) blocks, too, but for what only waits for stock. */
function blockedOrders(exceptions: readonly ExceptionCase[]): Set<string> {
  const known = Object.entries(exceptionKinds).map(([code, kind]) => [code, kind.blocking] as const);
  const blocking = new Map<string, boolean>([...known, [backorderedCode, false]]);
  return new Set(
    exceptions.filter((each) => blocking.get(each.code) ?? true).map((each) => each.subjectKey.replace(/\/shipment\/[^/]*$/, '')),
  );
}

/** Orders with what of them had to be shipped, in the words of a wave. */
function wantsOf(cases: readonly OrderCase[]): Demand[] {
  return cases.map(({ key, scope, order }) => ({
    key,
    channel: scope.connection,
    order,
    open: physicalLines(order).flatMap(({ id, sku, quantity }) =>
      sku === null || quantity <= 0 ? [] : [{ lineId: id, sku, units: quantity }],
    ),
  }));
}

/** What shipments come to beside what was wanted, whoever chose them: the one measure for the plan, for the usual rules and for days that are played again. */
export function choiceOf(wanted: readonly Demand[], chosen: readonly CostedShipment[], settings: FlowSettings): Choice {
  const keys = new Set(wanted.map((each) => each.key));
  const shipments = chosen.filter((shipment) => keys.has(shipment.order));
  const minorPerUnit = 10 ** currencyExponent(settings.currency);
  const held = unitsByLine(shipments);
  const perOrder = Map.groupBy(shipments, (shipment) => shipment.order);
  const open = wanted.flatMap(({ key, order, open: lines }) =>
    lines.flatMap(({ lineId, units: ordered }) => {
      const units = ordered - (held.get(key)?.get(lineId) ?? 0);
      const line = order.lines.find(({ id }) => id === lineId);
      return line === undefined || units <= 0 ? [] : [units * unfilledCostPerUnit(line, settings.sourcing) * minorPerUnit];
    }),
  );
  return {
    cost: costOf(
      shipments,
      open.reduce((sum, cost) => sum + cost, 0),
      settings,
      minorPerUnit,
    ),
    shipments: shipments.length,
    splitOrders: [...perOrder.values()].filter((several) => several.length > 1).length,
    lateOrders: [...perOrder.values()].filter((several) => several.some((shipment) => shipment.latenessMinor > 0)).length,
    unfilledLines: open.length,
  };
}
