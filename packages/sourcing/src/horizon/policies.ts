import { compile } from '../compile.ts';
import { assign, emptyDraft, planShipments, type Draft } from '../draft.ts';
import { plan } from '../greedy.ts';
import { isExact } from '../order-table.ts';
import { shipmentsOf } from '../price.ts';
import type { PlanShipment } from '../plan.ts';
import { priceExactly, pricer } from '../pricer.ts';
import { startPrices } from '../prices.ts';
import type { SolveOptions } from '../run.ts';
import { solve } from '../solve.ts';
import { readStockValues, type StockValues } from '../stock-values.ts';
import type { Forecast } from './forecast.ts';
import type { Policy, Today } from './simulate.ts';
import { valueOfStock, type LookAhead } from './value-of-stock.ts';

/** What a unit of stock that is still there tomorrow is worth, as a policy sees it on a day. */
export type ValueOfStock = (today: Today) => StockValues;

/** Each order as it comes in: from the node where it is cheapest to ship all of it, else the cheapest way to ship it in parts. Looks neither at other orders nor at tomorrow. */
export function myopicRule(): Policy {
  return {
    name: 'myopic rule',
    decide: ({ problem }) =>
      oneByOne(emptyDraft(pricer(compile(problem))), (draft, order) => {
        if (!shipWhole(draft, order)) plan(draft, order, ownTerms(draft));
      }),
  };
}

/** Each order as it comes in, at its cheapest plan with the value of the stock that it takes. */
export function orderByOrder(valueOfStock: ValueOfStock): Policy {
  return {
    name: 'order by order with stock values',
    decide: (today) => {
      const compiled = compile(today.problem);
      const given = pricer({ ...compiled, stockValue: readStockValues(compiled, valueOfStock(today)) });
      return oneByOne(emptyDraft(given), (draft, order) => plan(draft, order, ownTerms(draft)));
    },
  };
}

/** All orders of the day together, as if there were no tomorrow or, with `valueOfStock`, at what stock is worth then. */
export function dailyWave(options: Omit<SolveOptions, 'stockValues'>, valueOfStock?: ValueOfStock): Policy {
  return {
    name: valueOfStock === undefined ? 'wave' : 'wave with stock values',
    decide: async (today) => {
      const result = await solve(today.problem, valueOfStock === undefined ? options : { ...options, stockValues: valueOfStock(today) });
      return result.plan.shipments;
    },
  };
}

/** Looks ahead anew each day, into other futures each day, and remembers what it said on the day before. For one stream at a time. */
export function lookingAhead(forecast: Forecast, effort: Omit<LookAhead, 'before'> = {}): ValueOfStock {
  let before: StockValues = {};
  return (today) => {
    if (today.day === 0) before = {};
    return (before = valueOfStock(today, forecast, { ...effort, seed: 1_009 * (effort.seed ?? 1) + today.day, before }));
  };
}

/** The values of the first day on all days: what looking ahead once is good for. */
export function lookedUpOnce(valueOfStock: ValueOfStock): ValueOfStock {
  let known: StockValues | undefined;
  return (today) => (known ??= valueOfStock(today));
}

function oneByOne(draft: Draft, decide: (draft: Draft, order: number) => void): PlanShipment[] {
  for (let order = 0; order < draft.given.compiled.orderCount; order++) decide(draft, order);
  return planShipments(draft);
}

function ownTerms({ given, ledger }: Draft) {
  return { prices: startPrices(given.compiled), ledger, laborBy: 'ledger' } as const;
}

/** The cheapest single shipment with all lines, where there is one. */
function shipWhole(draft: Draft, order: number): boolean {
  const { given } = draft;
  const { compiled } = given;
  if (!isExact(compiled, order)) return false;
  const priced = { compiled, order, table: given.tableOf(order), terms: ownTerms(draft) };
  priceExactly(given, priced);
  const mask = priced.table.size - 1;
  if (given.room.best[mask] === Infinity) return false;
  return assign(draft, order, shipmentsOf(priced, [{ entry: given.room.bestEntry[mask]!, mask }]));
}
