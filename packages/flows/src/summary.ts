import { exceptionKinds, figures, hasLeft, type FigureClass, type OrderCase } from '@quartermaster/fulfilment';
import type { ExceptionCase, JournalReader, ReadTransaction } from '@quartermaster/journal';
import { waveRecordSchema, type WaveRecord } from './waves/wave.ts';
import { waveKind } from './waves/baseline.ts';
import { comparisonOf, type Comparison } from './waves/comparison.ts';
import { backorderedCode } from './exceptions/backorders.ts';
import { listCases } from './order-cases.ts';
import type { FlowSettings } from './settings.ts';
import { stockSeen, type StockSeen } from './stock/stock-seen.ts';

/** How many orders are where, and the plan beside the usual rules. Money in minor units of the plan's currency. */
export type Summary = Comparison & {
  readonly currency: string;
  readonly orders: Readonly<Record<FigureClass, number>> & { readonly in: number; readonly confirmed: number };
  readonly waves: readonly WaveRecord[];
  readonly exceptions: readonly ExceptionCase[];
  /** Null before anything was published. */
  readonly stock: StockSeen | null;
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
