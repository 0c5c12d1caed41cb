import { systemClock } from '@quartermaster/connector-kit';
import { connectControl } from '@quartermaster/sandbox';
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { waveSoon } from './daemon/busy-day.ts';
import { machine, say } from './daemon/machine.ts';
import { startDaemon, startSandboxes, temporaryFolder } from './daemon/processes.ts';

const perSecond = 200;
const seconds = 30;
/** More than a daemon gets through meanwhile. */
const orders = 1_500;

/**
 * Measures how soon webhooks are acknowledged: `npm run bench -- webhooks`. 200 a second for 30 s, over HTTP, to the daemon's own listener with a journal on disk, which answers when the
 * arrival is on the disk. First the daemon has nothing else to do but to read the channels that the webhooks announce; then it carries out what a wave of 1,500 orders decided, as fast as
 * it can, against sandboxes of their own process that answer at once. Prints p50, p99 and the longest.
 */
export async function bench(): Promise<void> {
  say(machine());
  await measure('idle otherwise', 1, 'daemon.started');
  await measure(`working off a wave of ${orders} orders`, orders, 'wave.decided');
}

async function measure(load: string, count: number, since: string): Promise<void> {
  using folder = temporaryFolder();
  const sandboxes = await startSandboxes({ orders: count, delayMs: [0, 0], day: 'now' });
  const job = { stage: sandboxes.stage, folder: folder.path, postgres: null, time: 'machine', profile: false, webhooks: true } as const;
  try {
    // The first reading of a channel notes from when on orders are ours.
    const first = startDaemon(job);
    await first.said('daemon.started');
    await wait(2_000);
    first.stop();
    await first.outcome;
    const control = connectControl(sandboxes.stage.controlUrl);
    await control.advanceTo(sandboxes.stage.world.startsAt);
    const wave = waveSoon(systemClock.now());
    const daemon = startDaemon({ ...job, stage: { ...sandboxes.stage, world: { ...sandboxes.stage.world, waves: [wave] } } });
    const begun = daemon.said(since);
    const started = await daemon.said('daemon.started');
    await begun;
    const took = await sendWebhooks(String(started['webhooks']), sandboxes.stage.access.shops);
    daemon.stop();
    const { usage, commits, commitSeconds, ackMs } = await daemon.outcome;
    say(`${load}: ${took.length} of ${perSecond * seconds} acknowledged; ${spread(took)}`);
    say(`  of that CPU of the daemon's own, whatever it did meanwhile: ${spread(ackMs)}`);
    say(
      `  the daemon used ${((100 * usage.cpuSeconds) / usage.wallSeconds).toFixed(0)} % of a core in ${usage.wallSeconds.toFixed(0)} s; ${commits} commits of ${((1_000 * commitSeconds) / commits).toFixed(1)} ms`,
    );
  } finally {
    await sandboxes.stop();
  }
}

function spread(ms: readonly number[]): string {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1) ?? 'none';
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

/** Sends them evenly, whether or not the last one was answered; gives the milliseconds until each acknowledgement, sorted. */
async function sendWebhooks(
  url: string,
  shops: Readonly<Record<string, { readonly webhookSecret: string; readonly shop: string }>>,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const took: number[] = [];
  const open: Promise<void>[] = [];
  const note = async (sent: ReturnType<typeof post>): Promise<void> => {
    const { status, ms } = await sent;
    if (status === 200) took.push(ms);
  };
  const connections = Object.entries(shops);
  const began = performance.now();
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    await wait(Math.max(0, began + (sent * 1_000) / perSecond - performance.now()));
    const [connection, shop] = connections[sent % connections.length] ?? ['', { webhookSecret: '', shop: '' }];
    const body = JSON.stringify({ id: 5_000_000_000 + sent, admin_graphql_api_id: `gid://shopify/Order/${5_000_000_000 + sent}` });
    const headers = {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/updated',
      'x-shopify-hmac-sha256': createHmac('sha256', shop.webhookSecret).update(body).digest('base64'),
      'x-shopify-shop-domain': shop.shop,
      'x-shopify-webhook-id': `bench-${sent}`,
      'x-shopify-event-id': `bench-${sent}`,
      'x-shopify-triggered-at': new Date().toISOString(),
      'x-shopify-api-version': '2026-10',
    };
    open.push(note(post(`${url}${connection}`, { agent, headers, body })));
  }
  await Promise.all(open);
  agent.destroy();
  return took;
}

type Post = { readonly agent: Agent; readonly headers: Record<string, string>; readonly body: string };

/** Posts once more what met a connection that the server had just closed, as every channel does; the time goes on. */
async function post(url: string, given: Post): Promise<{ readonly status: number; readonly ms: number }> {
  const began = performance.now();
  const status = await answered(url, given).catch(() => answered(url, given));
  return { status, ms: performance.now() - began };
}

function answered(url: string, { agent, headers, body }: Post): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
