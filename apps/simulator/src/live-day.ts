import { sharedMemory } from '@quartermaster/journal/testing';
import { readBooks, type Books } from './books.ts';
import { chanceOf } from './chance.ts';
import { activeMs, dayStartsAt, type Day, type Happening } from './day.ts';
import { invariantsOf, stillMoving, type Violation } from './invariants.ts';
import { none, type Mutation } from './mutation.ts';
import { owningTimers } from './own-timers.ts';
import { openPeople } from './people.ts';
import { openReplica, type Replica } from './replica.ts';
import { aftermathMs, troublesOf, watchStock } from './stock-watch.ts';
import { openTrace } from './trace.ts';
import { virtualTime } from './virtual-time.ts';
import { openPost } from './webhooks.ts';
import { openWires } from './wire.ts';
import { openWorld } from './world.ts';

/** What became of a day. */
export type Lived = {
  readonly violations: readonly Violation[];
  /** Of everything that happened, in its order. */
  readonly traceHash: string;
  readonly points: number;
  readonly tail: readonly string[];
  readonly books: Books;
};

const minute = 60_000;
const masterKey = new Uint8Array(32).fill(7);
/** Once all has come it is looked every so often whether all has settled, and at last after so long. */
const settling = { firstMs: activeMs + 12 * minute, everyMs: 10 * minute, lastMs: 26 * 60 * minute, stopMs: 60 * minute };

/** Lives a day from its first minute until everything has settled, and says what was not as it must be. */
export async function liveDay(day: Day, options: { readonly mutation?: Mutation; readonly keep?: number } = {}): Promise<Lived> {
  const { mutation = none, keep = 0 } = options;
  const order = chanceOf(day.seed, 'order-of-things');
  const time = virtualTime(dayStartsAt, order.number);
  const trace = openTrace(keep);
  return owningTimers(time, async () => {
    const startMs = time.nowMs();
    const world = openWorld(day, time);
    const wires = openWires({ day, time, world, trace });
    const store = sharedMemory({ time: time.clock, shared: day.shared });
    const defects: Violation[] = [];
    const troubles = troublesOf(day);
    let slowDisk = { untilMs: 0, diskMs: 0 };
    const replicas: Replica[] = Array.from({ length: day.replicas }, (_, index) =>
      openReplica({
        number: index + 1,
        day,
        time,
        world,
        wires,
        trace,
        mutation,
        openJournal: (life) => store.open({ masterKey, clock: life.clock, randomBytes: chanceOf(day.seed, `bytes/${life.name}`).bytes }),
        diskMs: () => (slowDisk.untilMs > time.nowMs() ? slowDisk.diskMs : 3),
        onTrouble: (forMs) => troubles.push({ from: time.nowMs() - startMs, to: time.nowMs() - startMs + forMs + aftermathMs }),
        onDefect: (message) => defects.push({ rule: 'no daemon ends by a defect', about: message }),
      }),
    );
    const observer = await store.open({ masterKey, clock: time.clock, randomBytes: chanceOf(day.seed, 'observer').bytes });
    const surroundings = { day, time, world, trace, replicas };
    const people = openPeople(surroundings);
    const post = openPost(surroundings);
    const stock = watchStock({ time, world, people, troubles });

    const happen = (what: Happening): void => {
      const replica = 'replica' in what ? replicas[what.replica - 1] : undefined;
      switch (what.kind) {
        case 'order':
          return people.order(what);
        case 'shop-edit':
          return people.shopEdit(what);
        case 'odoo-edit':
          return later(people.odooEdit(what));
        case 'receipt':
          return people.receipt(what);
        case 'operator':
          return later(people.operator(what));
        case 'fault':
          return wires.begin(what);
        case 'crash':
          replica?.fates.push({ where: what.where, points: what.points, what: { kind: 'crash', backMs: what.backMs } });
          return;
        case 'stall':
          replica?.fates.push({ where: what.where, points: what.points, what: { kind: 'stall', forMs: what.forMs } });
          return;
        case 'partition':
          return replica?.partUntil(what.from, time.nowMs() + what.forMs);
        case 'lost-commits':
          return replica?.loseAnswersUntil(time.nowMs() + what.forMs, what.share);
        case 'slow-disk':
          slowDisk = { untilMs: time.nowMs() + what.forMs, diskMs: what.diskMs };
          return;
        case 'deploy':
          return replica?.deploy(what.backMs);
      }
    };
    const later = (work: Promise<void>): void => {
      work.catch((error: unknown) => {
        defects.push({ rule: 'people are answered', about: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      });
    };

    for (const what of day.happenings)
      time.after(what.at, () => {
        happen(what);
        post();
      });
    for (const replica of replicas) time.after(chanceOf(day.seed, `start/${replica.number}`).between(0, 3_000), replica.start);
    const look = () => {
      post();
      stock.look();
      time.after(minute, look);
    };
    look();

    let settled = false;
    let unsettled: readonly string[] = [];
    const lookWhether = async (): Promise<void> => {
      unsettled = await observer.read((tx) => stillMoving(tx, { world, people, stock }));
      if (unsettled.length === 0 || time.nowMs() - startMs >= settling.lastMs) settled = true;
      else time.after(settling.everyMs, () => void lookWhether());
    };
    time.after(settling.firstMs, () => {
      // What was to come to a process and has not come yet does not come any more.
      for (const replica of replicas) replica.fates.length = 0;
      void lookWhether();
    });
    await time.run(() => settled);
    /** Who died shortly before has not given anything back: its leases run out. */
    const toldToStop = new Set(replicas.flatMap((replica) => replica.running()?.life.name ?? []));
    const left = new Set(replicas);
    const stop = async (replica: Replica): Promise<void> => {
      await replica.stop();
      left.delete(replica);
    };
    for (const replica of replicas) void stop(replica);
    const patienceEndsMs = time.nowMs() + settling.stopMs;
    await time.run(() => left.size === 0 || time.nowMs() > patienceEndsMs);
    for (const { number } of left) defects.push({ rule: 'who is told to stop stops', about: `replica ${number} goes on` });

    const violations = await observer.read((tx) =>
      invariantsOf(tx, { world, people, stock, toldToStop, unsettled, now: time.clock.now() }),
    );
    const books = await observer.read((tx) => readBooks(tx, world, people.placed.values()));
    store.close();
    return {
      violations: [...defects, ...violations],
      traceHash: trace.hash(),
      points: trace.count(),
      tail: trace.tail(),
      books,
    };
  });
}
