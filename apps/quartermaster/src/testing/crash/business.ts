import { loadOrCreateMasterKey, openJournal, type JournalPlace, type JournalReader } from '@quartermaster/journal';
import { systemClock } from '@quartermaster/connector-kit';
import { addDays, epochMs, instantOf, localDate, localMinute } from '@quartermaster/domain';
import { connectControl, sandboxAccessSchema, type SandboxControl, type World } from '@quartermaster/sandbox';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { demoConfigFile } from '../../demo/demo-config.ts';
import { readMemory, reckon, type Reckoning } from './reckoning.ts';
import { until } from './progress.ts';
import { startQm, startSandboxes, temporaryFolder, type Running } from '../processes.ts';

/** A business whose daemons are real `qm run` processes at the machine's own time, with sandboxes in a process of their own. */
export type Business = {
  readonly folder: string;
  readonly control: SandboxControl;
  readonly world: World;
  /** Starts a daemon on the journal. */
  readonly start: () => Running;
  /** Waits until a first daemon has looked at every shop: what was ordered before that is history to it. */
  readonly beginning: (daemon: Running) => Promise<void>;
  readonly openToRead: () => Promise<JournalReader>;
  /** Customers do what they did until this moment of the invented day; it happens now. */
  readonly happenUntil: (instant: string) => Promise<void>;
  /** The vendors' books and the journal, as they are now. */
  readonly reckoned: () => Promise<Reckoning>;
  readonly stop: () => Promise<void>;
};

export type BusinessOptions = {
  readonly seed: number;
  readonly orders: number;
  readonly journal: (folder: string) => {
    readonly config: Readonly<Record<string, unknown>>;
    readonly place: JournalPlace;
    readonly secrets?: Readonly<Record<string, string>>;
  };
  /** How many minutes from now on have a wave. */
  readonly waveMinutes: number;
  readonly more?: Readonly<Record<string, unknown>>;
};

/** Its warehouses ship at any hour, so that what comes at night is not left for tomorrow. */
export async function openBusiness(given: BusinessOptions): Promise<Business> {
  const past = addDays(localDate(systemClock.now(), 'UTC'), -2);
  const day = ['--seed', String(given.seed), '--orders', String(given.orders), '--date', past];
  // Time is the machine's: at a shop's documented quota thousands of orders take most of an hour, nearly all of it waiting, and processes die waiting instead of at work.
  const sandboxes = await startSandboxes([...day, '--quotas', 'none']);
  const folder = temporaryFolder();
  const { urls, access } = portFileSchema.parse(JSON.parse(readFileSync(sandboxes.portFile, 'utf8')));
  const control = connectControl(sandboxes.controlUrl);
  const world = await control.world();
  await control.passTime(systemClock.now());
  const masterKeyPath = join(folder.path, 'master.key');
  const masterKey = loadOrCreateMasterKey(masterKeyPath);
  const journal = given.journal(folder.path);
  const { json, secrets } = demoConfigFile(world, { urls, access }, { journal: 'replaced below', odoo: null, port: 0, policy: null });
  const config = {
    ...json,
    journal: { ...journal.config, masterKey: { file: masterKeyPath } },
    nodes: world.nodes.map((node) => ({ ...node, cutoff: '23:59' })),
    waves: wavesFromNow(world.zone, given.waveMinutes),
    pullEverySeconds: 20,
    publishEverySeconds: 30,
    ...given.more,
  };
  const configPath = join(folder.path, 'quartermaster.json');
  writeFileSync(configPath, JSON.stringify(config));
  const environment = { ...Object.fromEntries(secrets), ...journal.secrets };
  const running = new Set<Running>();
  const openToRead = () => openJournal({ ...journal.place, masterKey, clock: systemClock, readOnly: true });
  return {
    folder: folder.path,
    control,
    world,
    start() {
      const daemon = startQm(['run', '--config', configPath], environment);
      running.add(daemon);
      void daemon.finished.then(() => running.delete(daemon));
      return daemon;
    },
    async beginning(daemon) {
      const scopes = world.shops.map(({ connection }) => ({ tenant: 'demo', company: 'demo', connection }));
      await until(async () => {
        try {
          await using reader = await openToRead();
          const since = await reader.read((tx) => Promise.all(scopes.map((scope) => tx.cursors.get(scope, 'orders-done', z.unknown()))));
          return since.every((each) => each !== null);
        } catch {
          // Not made yet.
          return false;
        }
      }, daemon.finished);
    },
    openToRead,
    async reckoned() {
      await using reader = await openToRead();
      return reckon(await control.snapshot(), await readMemory(reader));
    },
    async happenUntil(instant) {
      await control.advanceTo(instant);
    },
    async stop() {
      for (const { process } of running) process.kill('SIGKILL');
      await Promise.all([...running].map(({ finished }) => finished));
      await sandboxes.stop();
      folder.remove();
    },
  };
}

const portFileSchema = z.object({ urls: z.record(z.string(), z.string()), access: sandboxAccessSchema });

/** Local times `HH:MM`, one a minute, from the next minute on. */
function wavesFromNow(zone: string, minutes: number): string[] {
  const now = epochMs(systemClock.now());
  return Array.from({ length: minutes }, (_, index) => {
    const minute = localMinute(instantOf(now + (index + 1) * 60_000), zone);
    return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  });
}
