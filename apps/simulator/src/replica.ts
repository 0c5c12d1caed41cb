import { callGate } from '@quartermaster/connector-kit';
import type { Carrier } from '@quartermaster/domain';
import { easypostCarrier } from '@quartermaster/easypost';
import { createEngine, runDaemon, type FlowWorld } from '@quartermaster/flows';
import { JournalError, type Journal } from '@quartermaster/journal';
import { odooErp } from '@quartermaster/odoo';
import { rateTableCarrier } from '@quartermaster/rate-table';
import { shopifyChannel } from '@quartermaster/shopify';
import { accounts, businessOf } from './business.ts';
import { chanceOf } from './chance.ts';
import type { Day, Vendor } from './day.ts';
import { beginLife, type Fate, type Life } from './life.ts';
import { mortalJournal } from './mortal-journal.ts';
import type { Mutation } from './mutation.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Wires } from './wire.ts';
import type { World } from './world.ts';

/** One of the processes that share a journal, over all its starts: what dies is started again, as by a supervisor. */
export type Replica = {
  readonly number: number;
  /** What stands before it. */
  readonly fates: Fate[];
  /** Its running process, for what comes to it from outside; null while it is down. */
  readonly running: () => { readonly life: Life; readonly world: FlowWorld } | null;
  /** Cuts it off from a vendor, or `journal`, until a moment (since 1970). */
  readonly partUntil: (from: Vendor, untilMs: number) => void;
  /** Until a moment this share of its commits is kept without an answer. */
  readonly loseAnswersUntil: (untilMs: number, share: number) => void;
  /** Stops it as a deployment does, and starts it again. */
  readonly deploy: (backMs: number) => void;
  readonly start: () => void;
  /** Stops it for good; resolves when it has ended. */
  readonly stop: () => Promise<void>;
};

export type ReplicaOptions = {
  readonly number: number;
  readonly day: Day;
  readonly time: VirtualTime;
  readonly world: World;
  readonly wires: Wires;
  readonly trace: Trace;
  readonly openJournal: (life: Life) => Promise<Journal>;
  readonly mutation: Mutation;
  readonly diskMs: () => number;
  /** For so long from now on a process does not do its part. */
  readonly onTrouble: (forMs: number) => void;
  /** A daemon that ended by itself with anything but a `JournalError` has a defect. */
  readonly onDefect: (message: string) => void;
};

type Running = {
  readonly life: Life;
  readonly world: FlowWorld;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  backMs: number;
};

const minute = 60_000;
export const rhythm = { pullEveryMs: 5 * minute, publishEveryMs: 10 * minute, parcelsEveryMs: 10 * minute, restMs: 2 * minute };
const supervisorWaitsMs = 10_000;
let addresses = 0;

export function openReplica(options: ReplicaOptions): Replica {
  const { number, day, time, trace, mutation } = options;
  const fates: Fate[] = [];
  const parted = new Map<string, number>();
  const commits = { untilMs: 0, share: 0, chance: chanceOf(day.seed, `commits/${number}`) };
  const isParted = (from: string) => (parted.get(from) ?? 0) > time.nowMs();
  let starts = 0;
  let wanted = true;
  let process: Running | null = null;

  const startLater = (ms: number) => {
    process = null;
    time.after(ms, () => {
      if (wanted && process === null) start();
    });
  };

  const start = () => {
    starts += 1;
    const name = `replica ${number}.${starts}`;
    const life = beginLife({
      name,
      time,
      trace,
      fates,
      chance: chanceOf(day.seed, name),
      skewMs: day.skewMs.replicas[number - 1] ?? 0,
      diskMs: options.diskMs,
      onCrash: startLater,
      onTrouble: options.onTrouble,
    });
    const stop = new AbortController();
    trace.note(time.nowMs(), name, 'starts');
    const ended = life.within(() => live(life, stop));
    void ended;
  };

  async function live(life: Life, stop: AbortController): Promise<void> {
    const opened = await options.openJournal(life);
    const journal = mutation.journal(
      mortalJournal(opened, life, {
        unreachable: () => isParted('journal'),
        losesAnswer: () => commits.untilMs > time.nowMs() && commits.chance.happens(commits.share),
      }),
      { life, time },
    );
    const world: FlowWorld = {
      ...connect(life),
      journal,
      settings: businessOf(day),
      solver: null,
      clock: life.clock,
      random: life.random,
      pulse: life.pulse,
      replica: { id: life.name, name: life.name },
      // The number of an address is that of this machine's process, not of the day.
      log: (event) => trace.note(time.nowMs(), life.name, `logs ${JSON.stringify(event).replaceAll(/odoo-\d+\.test/g, 'odoo.test')}`),
    };
    const running = runDaemon(createEngine(world), world, { ...rhythm, signal: stop.signal });
    const ended = running.then(
      () => trace.note(time.nowMs(), life.name, 'has stopped'),
      (error: unknown) => {
        if (life.isOver()) return;
        trace.note(time.nowMs(), life.name, `ends: ${error instanceof Error ? error.message : String(error)}`);
        if (!(error instanceof JournalError))
          options.onDefect(`${life.name} ended: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      },
    );
    const now: Running = { life, world, stop, ended, backMs: supervisorWaitsMs };
    // It may have died before its first answer.
    if (!life.isOver()) process = now;
    await ended;
    if (life.isOver()) return;
    life.end();
    startLater(now.backMs);
  }

  function connect(life: Life): Pick<FlowWorld, 'erp' | 'channels' | 'carriers'> {
    addresses += 1;
    // The connectors of one process to one Odoo take turns; those of several processes know nothing of one another.
    const odooUrl = `http://odoo-${addresses}.test`;
    const postUrl = 'http://post.test';
    const vendorOf = (origin: string): Vendor => {
      if (origin === odooUrl) return 'odoo';
      return origin === postUrl ? 'post' : (new URL(origin).hostname.split('.')[0] ?? '');
    };
    const shared = { clock: life.clock, random: life.random, fetch: options.wires.of(life, vendorOf, isParted) };
    const { database, login, odooKey, easypostKey, shopToken, webhookSecret } = accounts;
    const settings = businessOf(day);
    const carriers = settings.carriers.map(({ connection, tariff }) =>
      connection === 'post'
        ? easypostCarrier({
            connection,
            apiKey: easypostKey,
            currency: 'EUR',
            baseUrl: postUrl,
            serviceMap: { std: 'DHL/Paket' },
            gate: callGate(8),
            ...shared,
          })
        : pointed(rateTableCarrier({ connection, tariffs: [tariff], zone: settings.zone, clock: life.clock }), life),
    );
    const channels = day.shops.map((id) => {
      const locations = Object.fromEntries(Object.entries(options.world.shops.get(id)?.locationIds ?? {}));
      return shopifyChannel({
        connection: id,
        shop: id,
        accessToken: shopToken,
        webhookSecret,
        locations,
        gate: callGate(8),
        ...shared,
        ...mutation.shop,
      });
    });
    return {
      erp: odooErp({ connection: 'erp', url: odooUrl, database, login, secret: { apiKey: odooKey }, gate: callGate(4), ...shared }),
      channels: new Map(channels.map((each) => [each.connection, each])),
      carriers: new Map(carriers.map((each) => [each.connection, mutation.carrier(each)])),
    };
  }

  return {
    number,
    fates,
    running: () => process,
    partUntil: (from, untilMs) => void parted.set(from, untilMs),
    loseAnswersUntil: (untilMs, share) => Object.assign(commits, { untilMs, share }),
    deploy(backMs) {
      const going = process;
      if (going === null) return;
      trace.note(time.nowMs(), going.life.name, 'is told to stop');
      going.backMs = backMs;
      going.life.within(() => going.stop.abort());
    },
    start,
    async stop() {
      wanted = false;
      process?.stop.abort();
      await process?.ended;
    },
  };
}

/** A carrier without a network has its await points around its calls. */
function pointed(carrier: Carrier, life: Life): Carrier {
  const around = async <Result>(what: string, call: () => Promise<Result>): Promise<Result> => {
    await life.point('port-before', what);
    try {
      return await call();
    } finally {
      await life.point('port-after', what);
    }
  };
  return {
    ...carrier,
    buy: (request, memo) => around('house buy', () => carrier.buy(request, memo)),
    reconcile: (request, refs, memo) => around('house reconcile', () => carrier.reconcile(request, refs, memo)),
    voidLabel: (label, memo) => around('house void', () => carrier.voidLabel(label, memo)),
  };
}
