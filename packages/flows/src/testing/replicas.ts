import { epochMs, instantOf, type Clock } from '@quartermaster/domain';
import type { Journal } from '@quartermaster/journal';
import { runDaemon } from '../daemon.ts';
import { createEngine } from '../engine.ts';
import type { Connected, Scene } from './scene.ts';

const minute = 60_000;

/** Kills the replica that calls it, which then does nothing any more, not even end. Only the first who calls it dies, the others go on. */
export type Kill = () => Promise<void>;

export type Day = {
  readonly until: string;
  /** What happens outside, by its moment. */
  readonly happenings: Readonly<Record<string, () => unknown>>;
  /** How often the sides are compared; left out: never. */
  readonly reconcileEveryMs?: number;
  /** The ports that the replicas live with. */
  readonly fate?: (ports: Connected, kill: Kill) => Connected;
};

/** Lets a daemon live over each of the journals until a moment, all in the same world. Time goes on when all that live have nothing to do. */
export async function liveTogether(
  scene: Scene,
  journals: readonly Journal[],
  { until, happenings, fate, reconcileEveryMs }: Day,
): Promise<void> {
  const time = sharedTime(scene, until, happenings);
  await Promise.all(
    journals.map(async (journal) => {
      const stop = new AbortController();
      const self = time.join(stop);
      const connected = scene.connect();
      const ports = fate === undefined ? connected : fate(connected, self.kill);
      const context = { ...scene.context, ...ports, journal: mortalJournal(journal, self), clock: self.clock };
      const living = runDaemon(createEngine(context), context, {
        pullEveryMs: 10 * minute,
        publishEveryMs: 30 * minute,
        parcelsEveryMs: 30 * minute,
        sweepEveryMs: 60 * minute,
        ...(reconcileEveryMs === undefined ? {} : { reconcileEveryMs }),
        restMs: 2 * minute,
        signal: stop.signal,
      });
      await Promise.race([living.finally(self.leave), self.died]);
    }),
  );
}

function mortalJournal(journal: Journal, { isDead, forever }: Pick<Life, 'isDead' | 'forever'>): Journal {
  return {
    ...journal,
    transaction: (work) => (isDead() ? forever : journal.transaction(work)),
    read: (work) => (isDead() ? forever : journal.read(work)),
  };
}

type Life = {
  readonly clock: Clock;
  readonly kill: Kill;
  readonly isDead: () => boolean;
  readonly forever: Promise<never>;
  readonly died: Promise<void>;
  readonly leave: () => void;
};

function sharedTime(scene: Scene, until: string, happenings: Day['happenings']) {
  const left = Object.entries(happenings).sort(([a], [b]) => (a < b ? -1 : 1));
  const living = new Set<AbortController>();
  let someoneDied = false;
  const resting = new Map<AbortController, { readonly wakesAt: string; readonly wake: () => void }>();

  /** Once all rest, it is the moment at which the first wakes, or at which something happens outside. */
  const goOn = () => {
    if (living.size === 0 || resting.size < living.size) return;
    const [first] = [...resting].sort(([, a], [, b]) => (a.wakesAt < b.wakesAt ? -1 : 1));
    if (first === undefined) return;
    const [who, { wakesAt, wake }] = first;
    for (let [next] = left; next !== undefined && next[0] <= wakesAt; [next] = left) {
      left.shift();
      scene.clock.advanceTo(next[0]);
      next[1]();
    }
    if (wakesAt > scene.clock.now()) scene.clock.advanceTo(wakesAt);
    if (scene.clock.now() >= until) for (const stop of living) stop.abort();
    resting.delete(who);
    wake();
  };

  return {
    join(stop: AbortController): Life {
      living.add(stop);
      const death = Promise.withResolvers<void>();
      const forever = new Promise<never>(() => undefined);
      const clock: Clock = {
        now: () => scene.clock.now(),
        sleep: (ms) =>
          new Promise((wake) => {
            resting.set(stop, { wakesAt: instantOf(epochMs(scene.clock.now()) + ms), wake });
            goOn();
          }),
      };
      const leave = () => {
        living.delete(stop);
        resting.delete(stop);
        goOn();
      };
      let dead = false;
      return {
        clock,
        leave,
        forever,
        died: death.promise,
        isDead: () => dead,
        kill() {
          if (dead) return forever;
          if (someoneDied) return Promise.resolve();
          someoneDied = true;
          dead = true;
          leave();
          death.resolve();
          return forever;
        },
      };
    },
  };
}
