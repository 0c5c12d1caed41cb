import { memoryRateLimiter, systemClock } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type Clock } from '@quartermaster/domain';
import { createEngine, overview, runDaemon, standingFigures, systemPulse, type FlowWorld } from '@quartermaster/flows';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { connectControl, type SandboxControl } from '@quartermaster/sandbox';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LimiterOf } from '../../src/connect-words.ts';
import { connect, installedSolver, serviceSkus } from '../../src/connect.ts';
import { flowSettings } from '../../src/config.ts';
import { listen } from '../../src/control/listener.ts';
import { webhookApp } from '../../src/control/webhook-app.ts';
import { printJson, processOutput } from '../../src/output.ts';
import { demoConfig } from '../../src/demo/demo-config.ts';
import { startUsage } from './usage.ts';
import { daemonJobSchema, type DaemonJob, type DaemonOutcome } from './messages.ts';
import { startProfile } from './profile.ts';

// The process of the daemon: the job comes in the file that the first argument names, the outcome goes as the last line of standard output; before that come the daemon's own log lines.

const minute = 60_000;
/** A day passes in minutes, so its daemon looks less often; the machine's time passes as it does. */
const periods = {
  day: { pullEveryMs: 5 * minute, publishEveryMs: 10 * minute, reconcileEveryMs: 60 * minute, restMs: minute },
  machine: { pullEveryMs: 5_000, publishEveryMs: 10_000, restMs: 200 },
} as const;
/** How often somebody looks at the metrics and the status page in the course of a day. */
const lookEveryMs = 5 * minute;
/** CPU that the main thread spent, on whatever, between the arrival of each webhook and its acknowledgement: on a busy machine the only part of the latency that is the daemon's own. */
const ackMs: number[] = [];

const job = daemonJobSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
process.stdout.write(`\n${JSON.stringify(await liveTheDay(job))}\n`);

async function liveTheDay({ stage, folder, profile, postgres, time: by, webhooks }: DaemonJob): Promise<DaemonOutcome> {
  const { world, urls, access, controlUrl } = stage;
  const path = join(folder, 'journal.sqlite');
  const { config, secretOf } = demoConfig(world, { urls, access }, { journal: path, odoo: null, port: 0, policy: null });
  const stop = new AbortController();
  let lookAround = () => Promise.resolve();
  const clock =
    by === 'machine'
      ? systemClock
      : dayClock(connectControl(controlUrl), {
          from: world.startsAt,
          until: world.endsAt,
          look: () => lookAround(),
          over: () => stop.abort(),
        });
  if (by === 'machine') process.stdin.once('end', () => stop.abort()).resume();
  const masterKey = loadOrCreateMasterKey(join(folder, 'master.key'));
  await using journal = await openJournal({ ...(postgres === null ? { path, commitWaitMs: 2 } : { postgres }), masterKey, clock });
  const time = { clock, random: Math.random };
  const context: FlowWorld = {
    journal,
    settings: flowSettings(config, serviceSkus),
    ...connect(config, secretOf, time, boundless(clock)),
    solver: await installedSolver(),
    ...time,
    ...(by === 'machine' ? { pulse: systemPulse } : {}),
    log: (event) => printJson(processOutput, event),
  };
  const page = overview({ ...context, ...periods[by] });
  lookAround = async () => {
    await standingFigures(context, periods[by]);
    await page();
  };
  await using listener = webhooks ? await listenToWebhooks(context) : null;
  context.log({ at: clock.now(), event: 'daemon.started', statusPage: null, control: null, modes: null, webhooks: listener?.url ?? null });
  const used = startUsage();
  const commits = countCommits();
  const endProfile = profile ? await startProfile() : null;
  await runDaemon(createEngine(context), context, { ...periods[by], signal: stop.signal });
  const usage = used();
  const seen = (await endProfile?.()) ?? { parts: {}, functions: [] };
  return {
    usage,
    parts: { ...seen.parts },
    functions: [...seen.functions],
    commits: commits.count(),
    commitSeconds: commits.seconds(),
    ackMs,
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

async function listenToWebhooks(context: FlowWorld): Promise<{ readonly url: string } & AsyncDisposable> {
  const app = webhookApp(context, { maxBytes: 1_048_576 });
  const fetch = async (request: Request): Promise<Response> => {
    const began = process.threadCpuUsage();
    const response = await app.fetch(request);
    const { user, system } = process.threadCpuUsage(began);
    ackMs.push((user + system) / 1_000);
    return response;
  };
  const listener = await listen('webhook listener', fetch, { host: '127.0.0.1', port: 0 });
  return { url: listener.url, [Symbol.asyncDispose]: () => listener.close() };
}

/** A clock that whoever sleeps puts forward, with everything that happens meanwhile outside; the day is over when it comes to its end. */
function dayClock(
  control: SandboxControl,
  { from, until, look, over }: { from: string; until: string; look: () => Promise<void>; over: () => void },
): Clock {
  let now = epochMs(from);
  let lookAt = now + lookEveryMs;
  return {
    now: () => instantOf(now),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += Math.max(0, ms);
      now = Math.max(now, epochMs((await control.advanceTo(instantOf(now))).now));
      if (now >= lookAt) {
        lookAt = now + lookEveryMs;
        await look();
      }
      if (instantOf(now) >= until) over();
    },
  };
}

/** Counts the commits of this process from now on, and how long they take. */
function countCommits(): { count(): number; seconds(): number } {
  const { value: exec } = Object.getOwnPropertyDescriptors(DatabaseSync.prototype).exec;
  if (exec === undefined) throw new TypeError('this Node executes no SQL');
  let count = 0;
  let ms = 0;
  DatabaseSync.prototype.exec = function counted(sql) {
    const began = performance.now();
    exec.call(this, sql);
    if (sql !== 'commit') return;
    count += 1;
    ms += performance.now() - began;
  };
  return { count: () => count, seconds: () => ms / 1_000 };
}

/** Vendors that do not throttle need no waiting. */
function boundless(clock: Clock): LimiterOf {
  const limit = { capacity: 1e9, perSecond: 1e9 };
  return (buckets) => memoryRateLimiter(Object.fromEntries(Object.keys(buckets).map((name) => [name, limit])), clock);
}
