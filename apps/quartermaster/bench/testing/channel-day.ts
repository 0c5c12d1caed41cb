import { concurrentClock, intentMemo } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, isFault, type ChannelOrder, type Clock, type ShipmentConfirmation } from '@quartermaster/domain';
import { meteredLimiter, type HeldBack, type MeteredLimiter } from './held-back.ts';
import type { Stand, Surroundings } from './stand.ts';
import { wireCount, type WireCount } from './wire-count.ts';

const [minute, hour] = [60_000, 3_600_000];

/** Orders by hour of a shop's day, in shares of all: few at night, most at noon and in the evening. */
const shares = [10, 5, 3, 2, 2, 4, 12, 25, 40, 55, 65, 70, 75, 65, 55, 50, 50, 55, 65, 80, 85, 70, 42, 15];

/** Carriers come at these hours; what is known by then is shipped and told to the channel. */
const pickups = [10, 13, 16, 18, 20];

/** As a daemon does it by default: every channel is read once a minute, sooner when a webhook came, and eight effects of a connection go side by side. */
const [pollMs, lookMs, atOnce] = [minute, 1_000, 8];

export type DayGiven = {
  /** Of the whole day. */
  readonly orders: number;
  /** Hours of the day that are lived, of 24; a pickup is at the end of it where the day itself has none in them. */
  readonly from: number;
  readonly until: number;
};

export type DayOutcome = {
  readonly orders: number;
  readonly known: number;
  readonly confirmed: number;
  /** Milliseconds from an order until it is known here, sorted. */
  readonly knownAfterMs: readonly number[];
  /** The longest time from a pickup until all that left was told. */
  readonly toldAfterMs: number;
  readonly wire: WireCount;
  /** Refused for rate after the first minute. */
  readonly refusedLater: number;
  readonly heldBack: readonly HeldBack[];
};

/**
 * Lives a day of a channel in virtual time, against its sandbox: customers order, the channel is read, what was picked up is confirmed, and every hour the stock of what was sold is published. Ends
 * when all that was ordered is known and told.
 */
export async function liveChannelDay(open: (surroundings: Surroundings) => Stand, given: DayGiven): Promise<DayOutcome> {
  const clock = concurrentClock(instantOf(epochMs('2026-11-23T00:00:00.000Z') + given.from * hour));
  const began = epochMs(clock.now());
  const wire = wireCount();
  const limiters: MeteredLimiter[] = [];
  let refusedLater = 0;
  const stand = open({
    clock,
    limiterOf(buckets, allowances = {}) {
      const metered = meteredLimiter(buckets, clock, (bucket) => allowances[bucket]);
      limiters.push(metered);
      return metered.limiter;
    },
    onEvent(event) {
      wire.note(event);
      if (event.fault === 'rate-limited' && epochMs(clock.now()) - began > minute) refusedLater += 1;
    },
  });
  const skus = Array.from({ length: 1_000 }, (_, nth) => `SKU-${nth}`);
  for (const sku of skus) stand.addItem({ sku, stock: { BER: 10_000, HAM: 0 }, group: null });

  const placed = new Map<string, number>();
  const known = new Map<string, ChannelOrder>();
  const knownAfterMs: number[] = [];
  const told = new Set<string>();
  const sold = new Set<string>();
  const hints = new Set<string>();
  let isAnnounced = false;
  const day = { isOver: false };
  let toldAfterMs = 0;
  const sleepUntil = (at: number) => clock.sleep(Math.max(0, at - epochMs(clock.now())));
  const allKnown = () => day.isOver && known.size === placed.size;
  const allTold = () => day.isOver && told.size === placed.size;

  async function customers(): Promise<void> {
    for (const [nth, at] of arrivals(given).entries()) {
      await sleepUntil(began + at);
      const sku = skus[(nth * 7) % skus.length] ?? '';
      const id = stand.placeOrder(sku, 1);
      placed.set(id, epochMs(clock.now()));
      hints.add(id);
      sold.add(sku);
      isAnnounced = stand.channel.capabilities.webhooks;
    }
    day.isOver = true;
  }

  function take(order: ChannelOrder): void {
    if (!known.has(order.id)) knownAfterMs.push(epochMs(clock.now()) - (placed.get(order.id) ?? 0));
    known.set(order.id, order);
  }

  /** Where the channel may be read seldom, the orders that its webhooks name are read one by one, new ones first, as the daemon does. */
  async function followingHints(): Promise<void> {
    const { webhooks, leastPollMs } = stand.channel.capabilities;
    if (!webhooks || leastPollMs <= pollMs) return;
    while (!allTold()) {
      await clock.sleep(lookMs);
      for (;;) {
        const id = hints.values().find((each) => !known.has(each)) ?? hints.values().next().value;
        if (id === undefined) break;
        hints.delete(id);
        const pulled = await patiently(clock, () => stand.channel.getOrder(id));
        if (pulled !== null) take(pulled.order);
      }
    }
  }

  async function reading(): Promise<void> {
    let cursor = stand.channel.cursorAt(clock.now());
    let readAt = began;
    while (!allKnown()) {
      await clock.sleep(lookMs);
      const since = epochMs(clock.now()) - readAt;
      if (since < stand.channel.capabilities.leastPollMs || (since < pollMs && !isAnnounced)) continue;
      isAnnounced = false;
      readAt = epochMs(clock.now());
      await patiently(clock, async () => {
        for await (const page of stand.channel.pullOrders(cursor)) {
          for (const { order } of page.orders) take(order);
          ({ cursor } = page);
        }
      });
    }
  }

  async function shipping(): Promise<void> {
    const waiting = new Set<string>();
    for (const at of [...pickups.filter((each) => each > given.from && each < given.until), given.until]) {
      await sleepUntil(began + (at - given.from) * hour);
      if (at === given.until) while (!allKnown()) await clock.sleep(lookMs);
      for (const id of known.keys()) if (!told.has(id)) waiting.add(id);
      const pickedUp = epochMs(clock.now());
      const left = waiting.values();
      await Promise.all(Array.from({ length: atOnce }, () => tellAll(left)));
      waiting.clear();
      toldAfterMs = Math.max(toldAfterMs, epochMs(clock.now()) - pickedUp);
    }
  }

  async function tellAll(ids: Iterator<string>): Promise<void> {
    for (let next = ids.next(); next.done !== true; next = ids.next()) {
      const order = known.get(next.value);
      if (order === undefined) continue;
      const memo = intentMemo(`confirm/${order.id}`);
      await patiently(clock, () => stand.channel.confirmShipment(shipmentOf(order, clock), memo));
      told.add(order.id);
      // The channel tells of its own orders' shipments, too.
      hints.add(order.id);
    }
  }

  async function publishing(): Promise<void> {
    const node = stand.channel.capabilities.stockPerNode ? 'BER' : '*';
    for (let turn = 1; !allTold(); turn += 1) {
      await sleepUntil(began + turn * hour);
      const levels = [...sold].map((sku) => ({ sku, node, available: 9_000 - turn, expected: null }));
      sold.clear();
      const { maxStockBatch } = stand.channel.capabilities;
      for (let from = 0; from < levels.length; from += maxStockBatch) {
        const memo = intentMemo(`publish/${turn}/${from}`);
        await patiently(clock, () => stand.channel.pushStock(levels.slice(from, from + maxStockBatch), memo));
      }
    }
  }

  await Promise.all([customers(), followingHints(), reading(), shipping(), publishing()]);
  const heldBack = limiters.flatMap((metered) => metered.heldBack()).filter(({ calls }) => calls > 0);
  knownAfterMs.sort((one, other) => one - other);
  return { orders: placed.size, known: known.size, confirmed: told.size, knownAfterMs, toldAfterMs, wire, refusedLater, heldBack };
}

/** Milliseconds since the beginning at which somebody orders: evenly within each hour. */
function arrivals({ orders, from, until }: DayGiven): number[] {
  const all = shares.reduce((sum, share) => sum + share, 0);
  const times: number[] = [];
  let owed = 0;
  for (let at = from; at < until; at += 1) {
    owed += (orders * (shares[at] ?? 0)) / all;
    const count = Math.round(owed);
    owed -= count;
    for (let nth = 0; nth < count; nth += 1) times.push((at - from) * hour + Math.floor((nth * hour) / count));
  }
  return times;
}

/** Does something again as long as its fault lets it, as the daemon's intents are. */
async function patiently<Result>(clock: Clock, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isFault(error) || error.facts.retry.kind === 'never' || attempt === 20) throw error;
      await clock.sleep(error.facts.retry.kind === 'after' ? error.facts.retry.ms : 1_000);
    }
  }
}

function shipmentOf(order: ChannelOrder, clock: Clock): ShipmentConfirmation {
  const goods = order.lines.filter(({ kind }) => kind === 'product');
  return {
    orderId: order.id,
    node: 'BER',
    lines: goods.map(({ id, quantity }) => ({ lineId: id, units: quantity })),
    carrier: 'ups',
    trackingNumbers: [`1Z${order.id.replaceAll(/\W/g, '')}`],
    trackingUrl: null,
    shippedAt: clock.now(),
    notifyCustomer: true,
  };
}
