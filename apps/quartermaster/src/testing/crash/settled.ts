import { setTimeout as wait } from 'node:timers/promises';
import { tell } from './chosen.ts';
import type { Business } from './business.ts';
import { readMemory, reckon, type Reckoning } from './reckoning.ts';

/** A wave that died with its replica is taken up after five minutes at the latest; then the rest takes its time. */
const patienceMs = 15 * 60_000;
const underWay = new Set(['planned', 'ready', 'leased', 'sent', 'unknown']);

/** Waits until so many orders are there and every one of them has come to its end or waits with a reason; gives what it looks like when that does not come. */
export async function settled(business: Business, orders: number): Promise<Reckoning> {
  const giveUpAt = performance.now() + patienceMs;
  let looks = 0;
  for (;;) {
    await wait(3_000);
    await using journal = await business.openToRead();
    const memory = await readMemory(journal);
    const result = reckon(await business.control.snapshot(), memory);
    const pending = memory.intents.filter(({ state, kind }) => kind !== 'push-stock' && underWay.has(state));
    // Before its first wave an order is open; one that no wave finds stock for stays so.
    const fresh = memory.cases.filter(
      ({ key, state }) => state === 'open' && !memory.steps.some((step) => step.key === key && step.event === 'order.sourced'),
    );
    const over = result.counts.orders === orders && result.ordersLost.length === 0 && pending.length === 0 && fresh.length === 0;
    if (++looks % 20 === 0)
      tell(
        `... ${result.counts.orders} orders, ${result.ordersLost.length} not there yet, ${pending.length} intents, ${fresh.length} before their first wave`,
      );
    if (over || performance.now() > giveUpAt) return result;
  }
}
