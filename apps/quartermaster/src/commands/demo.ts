import { createEngine, summarize, type FlowWorld } from '@quartermaster/flows';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { seededRandom } from '@quartermaster/sandbox';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { flowSettings } from '../config.ts';
import { connect, installedSolver, serviceSkus } from '../connect.ts';
import { demoConfig, type RealOdoo } from '../demo/demo-config.ts';
import { lookEveryMs, playDay, type DayProgress } from '../demo/play-day.ts';
import { reachOdoo } from '../demo/real-odoo.ts';
import { reportText } from '../demo/report.ts';
import { openStage, type StageOptions } from '../demo/stage.ts';
import { trickle } from '../demo/trickle.ts';
import { exitCodes, type ExitCode } from '../exit.ts';
import { figuresOf } from '../figures.ts';
import { printJson, type Output } from '../output.ts';
import { loadPolicy } from '../policy-file.ts';
import { serveStatusPage } from '../status-page.ts';

export type DemoCommand = StageOptions & {
  readonly exit: boolean;
  readonly json: boolean;
  /** Folder of the journal; a temporary one unless given. */
  readonly store?: string;
  /** A policy file to try: what it says stands in the place of the world's policy. */
  readonly config?: string;
  /** Used instead of the sandbox's Odoo. */
  readonly odoo: RealOdoo | null;
  readonly prepare: boolean;
  readonly port: number;
};

/** `qm demo`: plays a day of orders through everything and shows what it came to. */
export async function demoCommand(given: DemoCommand, output: Output): Promise<ExitCode> {
  const began = performance.now();
  const tell = (text: string) => (given.json ? undefined : output.err(text));
  await using cleanup = new AsyncDisposableStack();
  const policy = given.config === undefined ? null : loadPolicy(given.config);
  const stage = await openStage(given, cleanup);
  const { world, control, clock } = stage;
  const folder = given.store === undefined ? temporaryFolder(cleanup) : resolve(given.store);
  const { config, secretOf } = demoConfig(world, stage, {
    journal: join(folder, 'journal.sqlite'),
    odoo: given.odoo,
    port: given.port,
    policy,
  });
  const settings = flowSettings(config, serviceSkus);

  const journal = await openJournal({
    path: join(folder, 'journal.sqlite'),
    masterKey: loadOrCreateMasterKey(join(folder, 'master.key')),
    clock,
  });
  cleanup.defer(() => journal.close());
  tell(`${world.name}\n`);
  if (given.odoo !== null) {
    const report = await reachOdoo(config, secretOf, world, given.prepare);
    for (const [what, { created, changed, left }] of Object.entries(report ?? {}))
      tell(`  ${what}: ${created} made, ${changed} changed, ${left} left as they were\n`);
  }
  const page = await serveStatusPage({
    host: '127.0.0.1',
    port: given.port,
    title: world.name,
    journal,
    settings,
    clock,
    pullEveryMs: lookEveryMs,
  });
  cleanup.defer(() => page.close());
  tell(`status page: ${page.url}\n`);

  const stop = new AbortController();
  const stopping = () => stop.abort();
  process.once('SIGINT', stopping).once('SIGTERM', stopping);
  cleanup.defer(() => void process.off('SIGINT', stopping).off('SIGTERM', stopping));
  const time = { clock, random: seededRandom(given.seed) };
  const context: FlowWorld = {
    journal,
    settings,
    ...connect(config, secretOf, time),
    solver: await installedSolver(),
    ...time,
    log: () => undefined,
  };
  const play = { control, engine: createEngine(context), context, signal: stop.signal };

  await playDay({ ...play, world, onProgress: progressLine(tell, output.live) });
  if (stop.signal.aborted) return exitCodes.ok;
  const summary = await summarize(journal, settings);
  if (given.json) printJson(output, figuresOf(summary, (performance.now() - began) / 1_000));
  else output.out(reportText(summary, world.name));
  if (given.exit) return exitCodes.ok;
  tell(`\nThe day is over. An order trickles in now and then, until you stop it with Ctrl-C.\n${page.url}\n`);
  await trickle({ ...play, world });
  return exitCodes.ok;
}

function progressLine(tell: (text: string) => void, live: boolean): (progress: DayProgress) => void {
  return ({ at, step, steps, wave }) => {
    const text = `${at.slice(0, 16).replace('T', ' ')} UTC  step ${step} of ${steps}${wave ? ', wave' : ''}`;
    if (live) tell(`\r${text.padEnd(50)}${step === steps ? '\n' : ''}`);
    else if (wave || step === steps) tell(`${text}\n`);
  };
}

function temporaryFolder(cleanup: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'quartermaster-demo-'));
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
