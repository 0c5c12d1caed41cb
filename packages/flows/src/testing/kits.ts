import type { StockPosition } from '@quartermaster/domain';
import type { ShipmentDraft } from '@quartermaster/fulfilment';
import type { Recipes } from '@quartermaster/inventory';
import type { Override, SolveResult, SourcingProblem } from '@quartermaster/sourcing';
import { availableForOrders } from '../stock/stock-view.ts';
import { readPlan } from '../waves/plan-reading.ts';
import { buildProblem, type ProblemInput } from '../waves/sourcing-problem.ts';
import { solveWhole } from '../waves/whole-kits.ts';
import { channelOrder, line, position, problemInput, product, settings } from './givens.ts';

/** A box of one mug and one lamp. */
export const box: Recipes = new Map([
  [
    'BOX',
    [
      { sku: 'MUG', units: 1 },
      { sku: 'LAMP', units: 1 },
    ],
  ],
]);

/** An order of so many of some SKUs. */
export const wants = (id: string, units: Readonly<Record<string, number>>) =>
  channelOrder({ id, lines: Object.entries(units).map(([sku, count]) => line(`${id}-${sku}`, sku, count)) });

type Shelves = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What lies on shelves by node, and beside it of each kit as many as an ERP says that could be made of it. */
export function positionsOf(shelves: Shelves, recipes: Recipes): StockPosition[] {
  return Object.entries(shelves).flatMap(([node, units]) => [
    ...Object.entries(units).map(([sku, count]) => position(sku, node, count)),
    ...[...recipes].map(([sku, parts]) =>
      position(sku, node, Math.min(...parts.map((part) => Math.floor((units[part.sku] ?? 0) / part.units))), { kit: [...parts] }),
    ),
  ]);
}

export type Planned = {
  readonly input: ProblemInput;
  readonly problem: SourcingProblem;
  readonly solved: SolveResult;
  readonly drafts: ReadonlyMap<string, readonly ShipmentDraft[]>;
};

/** A wave of these orders, from their stock to the shipments of the journal. */
export async function planned(
  orders: readonly ReturnType<typeof wants>[],
  shelves: Shelves,
  { recipes = box, overrides = [], ...more }: Partial<ProblemInput> & { readonly overrides?: readonly Override[] } = {},
): Promise<Planned> {
  const input = problemInput({ orders, available: availableForOrders(positionsOf(shelves, recipes), [], recipes), recipes, ...more });
  const problem = buildProblem(input);
  const solved = await solveWhole(problem, overrides.length === 0 ? {} : { overrides });
  const { drafts } = readPlan(problem, solved.plan, input.demands, {
    at: input.at,
    settings: settings(),
    product,
    recipes,
    minorPerUnit: 100,
  });
  return { input, problem, solved, drafts };
}

/** `A: BER 1 BOX` for each line of each shipment, sorted. */
export function toldShort({ drafts }: Pick<Planned, 'drafts'>): string[] {
  return [...drafts]
    .flatMap(([order, all]) => all.flatMap(({ node, lines }) => lines.map(({ sku, units }) => `${order}: ${node} ${units} ${sku}`)))
    .sort();
}
