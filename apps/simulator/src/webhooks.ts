import { takeWebhook } from '@quartermaster/flows';
import type { SignedWebhook } from '@quartermaster/shopify/sandbox';
import { chanceOf } from './chance.ts';
import type { Day } from './day.ts';
import type { Replica } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { World } from './world.ts';

const triesAtMost = 4;
const againMs = 90_000;
const patienceMs = 5_000;

/** Sends the webhooks of the shops on their way: late, twice, in any order or not at all, and again when nobody acknowledges them. To be called after whatever may have made some. */
export function openPost(given: {
  readonly day: Day;
  readonly time: VirtualTime;
  readonly world: World;
  readonly trace: Trace;
  readonly replicas: readonly Replica[];
}): () => void {
  const { day, time, world, trace, replicas } = given;
  const chance = chanceOf(day.seed, 'webhooks');
  const { lost, twice, latestMs } = day.webhooks;

  const deliver = (shop: string, webhook: SignedWebhook, tries: number): void => {
    const id = webhook.headers['x-shopify-webhook-id'] ?? '';
    const again = () => {
      if (tries < triesAtMost) time.after(againMs, () => deliver(shop, webhook, tries + 1));
    };
    const alive = replicas.map((replica) => replica.running()).filter((running) => running !== null);
    const listener = alive[chance.between(0, alive.length - 1)];
    if (listener === undefined) return again();
    let settled = false;
    const { life, world: flows } = listener;
    time.after(patienceMs, () => {
      if (!settled) again();
      settled = true;
    });
    const listen = async (): Promise<void> => {
      try {
        const { kind } = await takeWebhook(flows, shop, { rawBody: webhook.body, headers: webhook.headers });
        trace.note(time.nowMs(), shop, `hears ${kind} for webhook ${id}`);
        settled = true;
      } catch (error) {
        // Not acknowledged: it comes again.
        trace.note(time.nowMs(), shop, `hears nothing for webhook ${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    void life.within(listen);
  };

  return () => {
    for (const [id, shop] of world.shops)
      for (const webhook of shop.takeWebhooks()) {
        if (chance.happens(lost)) continue;
        for (let copies = chance.happens(twice) ? 2 : 1; copies > 0; copies -= 1)
          time.after(chance.between(50, latestMs), () => deliver(id, webhook, 1));
      }
  };
}
