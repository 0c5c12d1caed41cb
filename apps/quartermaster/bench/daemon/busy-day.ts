import { epochMs, instantAt, instantOf } from '@quartermaster/domain';
import { generateDay, type OrderEvent, type World } from '@quartermaster/sandbox';

const zone = 'Europe/Berlin';
/** The day. */
export const busyDate = '2026-11-24';
const waveEveryMs = 30 * 60_000;

/**
 * A day on which nothing goes wrong and nothing runs out, so that so many orders are so many whole ways: those of the generated day that nobody troubles, evenly spread from five past eight
 * to three, fourteen waves half an hour apart, and more of everything than is asked for. The same number gives the same day.
 */
export function busyDay(orders: number): World {
  // Some of the generated orders are troubled, cancelled or moved, and left out.
  const day = generateDay({ seed: 7, orders: Math.ceil(orders * 1.2) + 20, date: busyDate });
  const touched = new Set(day.events.flatMap((event) => ('order' in event && typeof event.order === 'string' ? [event.order] : [])));
  const ordinary = day.events
    .filter((event): event is OrderEvent => event.kind === 'order')
    .filter(({ order }) => order.trouble === null && !touched.has(order.id))
    .slice(0, orders);
  if (ordinary.length < orders) throw new RangeError(`the generated day has only ${ordinary.length} ordinary orders`);
  const opens = epochMs(instantAt(busyDate, '08:05', zone));
  const closes = epochMs(instantAt(busyDate, '15:00', zone));
  const events = ordinary.map((event, index) => ({
    ...event,
    at: instantOf(opens + Math.floor(((closes - opens) * index) / ordinary.length)),
  }));
  const firstWave = epochMs(instantAt(busyDate, '08:30', zone));
  return {
    ...day,
    name: `busy day of ${orders} orders`,
    waves: Array.from({ length: 14 }, (_, index) => instantOf(firstWave + index * waveEveryMs)),
    endsAt: instantAt(busyDate, '15:30', zone),
    stock: day.products
      .filter(({ unknownToErp }) => !unknownToErp)
      .flatMap(({ sku }) => day.nodes.map(({ id }) => ({ sku, node: id, units: orders * 2 + 100 }))),
    events,
  };
}

/** The same orders, all to be placed when the control says so, on a day of the machine's own time without a wave: {@link waveSoon} adds one. */
export function dayFromNow(day: World, now: string): World {
  return {
    ...day,
    startsAt: now,
    waves: [],
    endsAt: instantOf(epochMs(now) + 24 * 60 * minuteMs),
    // The machine's time may be any: nothing leaves after the cutoff.
    nodes: day.nodes.map((node) => ({ ...node, cutoff: '23:59' })),
    events: day.events.map((event) => ({ ...event, at: now })),
  };
}

/** The next full minute that leaves a daemon the time to start: waves are planned in minutes. */
export function waveSoon(now: string): string {
  return instantOf(Math.ceil((epochMs(now) + 15_000) / minuteMs) * minuteMs);
}

const minuteMs = 60_000;
