import { systemClock } from '@quartermaster/connector-kit';
import { createSandboxes, runningClock, seededRandom, serveSandboxes, virtualClock } from '@quartermaster/sandbox';
import { setTimeout as wait } from 'node:timers/promises';
import { busyDay, dayFromNow } from './busy-day.ts';
import { startUsage } from './usage.ts';
import { sandboxesJobSchema, type Stage } from './messages.ts';

// The process of the vendors: the job comes as JSON in the first argument; one line says where they are, and when its input ends another one what they used up.

const job = sandboxesJobSchema.parse(JSON.parse(process.argv[2] ?? ''));
const used = startUsage();
const world = job.day === 'now' ? dayFromNow(busyDay(job.orders), systemClock.now()) : busyDay(job.orders);
const clock = job.day === 'now' ? runningClock(world.startsAt) : virtualClock(world.startsAt);
const sandboxes = createSandboxes({ world, clock, odooVersion: 19, quotas: 'none' });
const [shortest, longest] = job.delayMs;
/** How often each call was made. */
const calls = new Map<string, number>();
const random = seededRandom(7);
const apps = Object.fromEntries(
  Object.entries(sandboxes.apps).map(([name, app]) => [
    name,
    async (request: Request) => {
      const call = `${name} ${new URL(request.url).pathname.replaceAll(/\d{3,}|shp_\w+/g, '_')}`;
      calls.set(call, (calls.get(call) ?? 0) + 1);
      if (longest > 0) await wait(shortest + random() * (longest - shortest));
      return app(request);
    },
  ]),
);
const served = await serveSandboxes({ sandboxes: { apps, control: sandboxes.control } });
const stage: Stage = {
  world: { ...world, events: [], stock: [] },
  urls: { ...served.urls },
  controlUrl: served.controlUrl,
  access: sandboxes.access,
};
process.stdout.write(`${JSON.stringify(stage)}\n`);
// Its own input ends when it is told, or when whoever started it is gone.
await new Promise((resolve) => process.stdin.once('end', resolve).resume());
await served.close();
process.stdout.write(`${JSON.stringify({ ...used(), calls: Object.fromEntries(calls) })}\n`);
