import { epochMs, type ChannelOrder, type Instant } from '@quartermaster/domain';
import { z } from 'zod';
import { physicalLines } from './order-case.ts';

/** What checks know of another order of the same person, or to the same address. Holds no personal data. */
export const pastOrderSchema = z.object({ key: z.string(), name: z.string(), placedAt: z.string(), content: z.string() });
export type PastOrder = z.infer<typeof pastOrderSchema>;

export function pastOrderOf(key: string, order: ChannelOrder): PastOrder {
  return { key, name: order.name, placedAt: order.placedAt, content: contentOf(order) };
}

/** Of the other orders those that were placed at most so long before this one; of two at the same moment the one with the smaller key was before. */
export function before(others: readonly PastOrder[], given: { key: string; placedAt: Instant }, withinMinutes: number): PastOrder[] {
  const at = epochMs(given.placedAt);
  return others.filter(({ key, placedAt }) => {
    const ago = at - epochMs(placedAt);
    return key !== given.key && ago <= withinMinutes * 60_000 && (ago > 0 || (ago === 0 && key < given.key));
  });
}

/** What is ordered, as text: the same products in the same quantities, in whatever order of lines. */
export function contentOf(order: ChannelOrder): string {
  const units = new Map<string, number>();
  for (const { sku, id, quantity } of physicalLines(order))
    units.set(sku ?? `line ${id}`, (units.get(sku ?? `line ${id}`) ?? 0) + quantity);
  return JSON.stringify([...units].sort(([one], [other]) => (one < other ? -1 : 1)));
}
