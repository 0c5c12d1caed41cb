import type { OrderCase } from '@quartermaster/fulfilment';
import type { FlowContext } from '../context.ts';
import { knownRecipes } from '../stock/read-facts.ts';
import { readErpStock, withCounts } from '../stock/read-stock.ts';
import { kitsAmong } from './kit-parts.ts';
import type { Demand } from './sourcing-problem.ts';

/**
 * What lies on the shelves of what orders want, and the kits among it. The catalogue is asked anew for what is to be sourced and for the parts of its kits: a weight may have been corrected. Throws the
 * ERP's fault.
 */
export async function readShelves(context: FlowContext, cases: readonly OrderCase[], demands: readonly Demand[]) {
  const { journal, catalogue } = context;
  const skus = [...new Set(cases.flatMap(({ order }) => order.lines.flatMap(({ sku }) => (sku === null ? [] : [sku]))))];
  const open = demands.flatMap((demand) => demand.open.map(({ sku }) => sku));
  await catalogue.refresh(open);
  await catalogue.learn(skus);
  const recipes = kitsAmong(skus, catalogue.get, await journal.read(knownRecipes));
  const partsOf = (kits: readonly string[]) => kits.flatMap((kit) => (recipes.get(kit) ?? []).map(({ sku }) => sku));
  await catalogue.refresh(partsOf(open));
  const positions = await withCounts(context, await readErpStock(context, [...new Set([...skus, ...partsOf(skus)])]));
  return { positions, recipes };
}
