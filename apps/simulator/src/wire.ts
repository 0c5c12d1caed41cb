import { DroppedConnection } from '@quartermaster/connector-kit/sandbox';
import { chanceOf, type Chance } from './chance.ts';
import type { Day, HappeningOf, Vendor } from './day.ts';
import type { Life } from './life.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';
import { doorOrigin, reach, type World } from './world.ts';

/** The faults of a day that stand now, and the way of a process to its vendors through them. */
export type Wires = {
  readonly begin: (fault: HappeningOf<'fault'>) => void;
  /** The `fetch` of a process. `partedFrom` says whether it is cut off from a vendor now. */
  readonly of: (life: Life, vendorOf: (origin: string) => Vendor, partedFrom: (vendor: Vendor) => boolean) => typeof fetch;
};

type Standing = { readonly fault: HappeningOf<'fault'>; readonly untilMs: number; readonly chance: Chance };

/**
 * Makes the wires of a day. A request takes its time to the vendor and back, does its work there even when the process that sent it has died meanwhile, and meets what stands against it.
 * Each is two await points of its process.
 */
export function openWires(given: { readonly day: Day; readonly time: VirtualTime; readonly world: World; readonly trace: Trace }): Wires {
  const { day, time, world, trace } = given;
  const standing: Standing[] = [];
  const latency = chanceOf(day.seed, 'latency');
  /** What a vendor answered last to the same question: what a cache in between, or a replica of its database, may answer again. */
  const answered = new Map<string, { readonly text: string; readonly headers: readonly (readonly [string, string])[] }>();
  const travel = () => time.clock.sleep(latency.between(2, 120));

  const faultAt = (vendor: Vendor) => {
    const now = time.nowMs();
    return standing.find((each) => each.fault.vendor === vendor && each.untilMs > now && each.chance.happens(each.fault.share))?.fault
      .fault;
  };

  async function exchange(vendor: Vendor, request: Request, who: string): Promise<Response> {
    const fault = faultAt(vendor) ?? null;
    const path = new URL(request.url).pathname;
    if (fault !== null) trace.note(time.nowMs(), who, `meets ${fault} of ${vendor}`);
    const body = await request.text();
    const question = `${vendor} ${request.method} ${request.url} ${body}`;
    const isRead = path.includes('/stock.quant/') || path.includes('/stock.warehouse/');
    if (fault === 'refused-connection') return reach(world.appOf(vendor), () => null)('http://nobody.test/');
    if (fault === 'stale' && isRead) {
      const before = answered.get(question);
      if (before !== undefined) return new Response(before.text, { headers: before.headers.map(([name, value]) => [name, value]) });
    }
    await travel();
    const sent = new Request(`${doorOrigin}${path}${new URL(request.url).search}`, {
      method: request.method,
      headers: request.headers,
      ...(body === '' ? {} : { body }),
    });
    const met = fault === null || fault === 'slow' || fault === 'stale' ? null : fault;
    const response = await reach(world.appOf(vendor), () => met)(sent);
    if (fault === 'slow') await time.clock.sleep(latency.between(5_000, 50_000));
    await travel();
    if (isRead && fault === null) {
      const text = await response.clone().text();
      answered.set(question, { text, headers: [...response.headers] });
    }
    return response;
  }

  return {
    begin(fault) {
      standing.push({ fault, untilMs: time.nowMs() + fault.forMs, chance: chanceOf(day.seed, `fault/${fault.id}`) });
    },
    of: (life, vendorOf, partedFrom) => async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const vendor = vendorOf(url.origin);
      const what = `${vendor} ${request.method} ${url.pathname}`;
      await life.point('wire-before', what);
      let response: Response;
      try {
        if (partedFrom(vendor)) return await reach(world.appOf(vendor), () => null)('http://nobody.test/');
        response = await exchange(vendor, request, life.name);
        if (partedFrom(vendor)) throw new DroppedConnection('parted while the answer was on its way');
      } catch (error) {
        await life.point('wire-after', `${what} failed`);
        throw error instanceof DroppedConnection
          ? new TypeError('fetch failed', { cause: Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }) })
          : error;
      }
      await life.point('wire-after', what);
      return response;
    },
  };
}
