import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type Clock } from '@quartermaster/domain';
import { createEngine, runDaemon, type FlowWorld } from '@quartermaster/flows';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { connectControl, type SandboxControl } from '@quartermaster/sandbox';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connect, installedSolver, serviceSkus, type LimiterOf } from '../../src/connect.ts';
import { flowSettings } from '../../src/config.ts';
import { printJson, processOutput } from '../../src/output.ts';
import { demoConfig } from '../../src/demo/demo-config.ts';
import { meter } from '../meter.ts';
import { daemonJobSchema, type DaemonJob, type DaemonOutcome } from './messages.ts';
import { startProfile } from './profile.ts';

// The process of the daemon: the job comes in the file that the first argument names, the outcome goes as the last line of standard output; before that come the daemon's own log lines.

const minute = 60_000;
const job = daemonJobSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
process.stdout.write(`\n${JSON.stringify(await liveTheDay(job))}\n`);

async function liveTheDay({ stage, folder, profile }: DaemonJob): Promise<DaemonOutcome> {
  const { world, urls, access, controlUrl } = stage;
  const path = join(folder, 'journal.sqlite');
  const { config, secretOf } = demoConfig(world, { urls, access }, { journal: path, odoo: null, port: 0, policy: {} });
  const stop = new AbortController();
  const clock = dayClock(connectControl(controlUrl), { from: world.startsAt, until: world.endsAt, over: () => stop.abort() });
  await using journal = await openJournal({ path, commitWaitMs: 2, masterKey: loadOrCreateMasterKey(join(folder, 'master.key')), clock });
  const time = { clock, random: Math.random };
  const context: FlowWorld = {
    journal,
    settings: flowSettings(config, serviceSkus),
    ...connect(config, secretOf, time, boundless(clock)),
    solver: await installedSolver(),
    ...time,
    log: (event) => printJson(processOutput, event),
  };
  const used = meter();
  const commits = countCommits();
  const endProfile = profile ? await startProfile() : null;
  await runDaemon(createEngine(context), context, {
    pullEveryMs: 5 * minute,
    publishEveryMs: 10 * minute,
    restMs: minute,
    signal: stop.signal,
  });
  const usage = { cpuSeconds: used.cpuSeconds(), wallSeconds: used.wallSeconds(), peakRssMb: used.peakRssMb() };
  const seen = (await endProfile?.()) ?? { parts: {}, functions: [] };
  return {
    usage,
    parts: { ...seen.parts },
    functions: [...seen.functions],
    commits: commits.count(),
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

/** A clock that whoever sleeps puts forward, with everything that happens meanwhile outside; the day is over when it comes to its end. */
function dayClock(control: SandboxControl, { from, until, over }: { from: string; until: string; over: () => void }): Clock {
  let now = epochMs(from);
  return {
    now: () => instantOf(now),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += Math.max(0, ms);
      now = Math.max(now, epochMs((await control.advanceTo(instantOf(now))).now));
      if (instantOf(now) >= until) over();
    },
  };
}

/** Counts the commits of this process from now on. */
function countCommits(): { count(): number } {
  const exec = DatabaseSync.prototype.exec;
  let commits = 0;
  DatabaseSync.prototype.exec = function counted(sql) {
    if (sql === 'commit') commits += 1;
    return exec.call(this, sql);
  };
  return { count: () => commits };
}

/** Vendors that do not throttle need no waiting. */
function boundless(clock: Clock): LimiterOf {
  const limit = { capacity: 1e9, perSecond: 1e9 };
  return (buckets) => memoryRateLimiter(Object.fromEntries(Object.keys(buckets).map((name) => [name, limit])), clock);
}
