import { z } from 'zod';
import { flowSettingsSchema, type FlowSettings } from '../settings.ts';
import { asComponents } from '../stock/promisable.ts';
import { addUnits } from '../stock/stock-view.ts';
import { noRecipes } from '../waves/kit-parts.ts';
import type { WaveFacts } from './wave-facts.ts';

/** A warehouse that is not open yet, as a recorded day is to be played with it. */
export const addedNodeSchema = z.strictObject({
  node: flowSettingsSchema.shape.nodes.element,
  /** Units by SKU that lie there when the day begins; nothing comes in on the day. */
  stock: z.record(z.string().min(1), z.int().nonnegative()),
});
export type AddedNode = z.infer<typeof addedNodeSchema>;

/** The settings with one more node. Throws a `RangeError` where there is one of that id. */
export function settingsWith(settings: FlowSettings, { node }: AddedNode): FlowSettings {
  if (settings.nodes.some(({ id }) => id === node.id))
    throw new RangeError(`there is a node ${node.id} on that day: give the new one another id`);
  return { ...settings, nodes: [...settings.nodes, node] };
}

/** The facts of a day with the stock of one more node, kits by their parts. What the waves ship of it is taken off as the day is played. */
export function factsWith(facts: readonly WaveFacts[], { node, stock }: AddedNode): WaveFacts[] {
  return facts.map((wave) => {
    const available = new Map([...wave.available].map(([id, units]) => [id, new Map(units)]));
    for (const [sku, units] of asComponents(Object.entries(stock), wave.recipes ?? noRecipes)) addUnits(available, node.id, sku, units);
    return { ...wave, available };
  });
}
