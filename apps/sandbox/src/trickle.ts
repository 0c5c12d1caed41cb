import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { World, WorldEvent } from './world.ts';

/** A little more of a day: what happens, and the waves and end that belong to it. */
export type Trickle = Pick<World, 'events' | 'waves' | 'endsAt'>;

const betweenOrdersMs = 10 * 60_000;
const ordersPerWave = 6;

/**
 * Goes on after a world's day for ever: its ordinary orders come again, one every ten minutes under a new id, and every sixth is followed by a wave. Orders that were cancelled, moved or
 * troubled do not come again.
 */
export function* trickleOf(world: Pick<World, 'events' | 'endsAt'>): Generator<Trickle, void> {
  const touched = new Set(
    world.events.flatMap((event) => (event.kind === 'cancel' || event.kind === 'address' || event.kind === 'paid' ? [event.order] : [])),
  );
  const ordinary = world.events
    .filter((event) => event.kind === 'order')
    .filter(({ order }) => order.trouble === null && !touched.has(order.id));
  if (ordinary.length === 0) return;
  for (let count = 1; ; count++) {
    const model = ordinary[(count - 1) % ordinary.length];
    if (model === undefined) return;
    const at: Instant = instantOf(epochMs(world.endsAt) + count * betweenOrdersMs);
    const id = `${model.order.id}-again-${count}`;
    const event: WorldEvent = { ...model, at, id, order: { ...model.order, id } };
    yield { events: [event], waves: count % ordersPerWave === 0 ? [at] : [], endsAt: at };
  }
}
