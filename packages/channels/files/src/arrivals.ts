import { epochMs, type Clock } from '@quartermaster/domain';
import type { FileClient } from './client.ts';
import type { DirectoryEntry } from './directory.ts';
import { isUnfinishedName } from './layout.ts';

/**
 * When a file that others write counts as whole. `unchanged`: when two looks so many milliseconds apart show the same size and time. `renamed`: as soon as it has a name that is no
 * temporary one. `marker`: when an (empty) file of its name and this ending is there, too, such as `orders-7.csv.ok`.
 */
export type WholeWhen =
  | { readonly kind: 'unchanged'; readonly forMs: number }
  | { readonly kind: 'renamed' }
  | { readonly kind: 'marker'; readonly ending: string };

export type Arrivals = {
  /** Files of a folder that are whole, the oldest first. Waits for those that were never seen before, once for all of them; who is still being written is left for the next time. */
  whole(folder: string): Promise<DirectoryEntry[]>;
};

/** Looks for files that have arrived. The clocks of the two sides are not compared: only how long we ourselves have seen a file unchanged counts. */
export function arrivals(client: FileClient, clock: Clock, when: WholeWhen): Arrivals {
  const sightings = new Map<string, ReadonlyMap<string, Sighting>>();

  return {
    async whole(folder) {
      if (when.kind === 'marker') return marked(await client.list(folder), when.ending).toSorted(byAge);
      if (when.kind === 'renamed') return (await finished(folder)).toSorted(byAge);
      const first = await look(folder, when.forMs);
      if (first.waitMs <= 0) return first.whole.toSorted(byAge);
      await clock.sleep(first.waitMs);
      return (await look(folder, when.forMs)).whole.toSorted(byAge);
    },
  };

  async function finished(folder: string): Promise<DirectoryEntry[]> {
    return (await client.list(folder)).filter(({ name }) => !isUnfinishedName(name));
  }

  async function look(folder: string, forMs: number): Promise<{ readonly whole: DirectoryEntry[]; readonly waitMs: number }> {
    const entries = await finished(folder);
    const now = epochMs(clock.now());
    const before = sightings.get(folder);
    const seen = new Map(
      entries.map((entry) => {
        const earlier = before?.get(entry.name);
        const same = earlier?.size === entry.size && earlier.modifiedAt === entry.modifiedAt;
        return [entry.name, { size: entry.size, modifiedAt: entry.modifiedAt, sinceMs: same ? earlier.sinceMs : now }];
      }),
    );
    sightings.set(folder, seen);
    const left = (entry: DirectoryEntry) => forMs - (now - (seen.get(entry.name)?.sinceMs ?? now));
    return { whole: entries.filter((entry) => left(entry) <= 0), waitMs: Math.max(0, ...entries.map(left)) };
  }
}

type Sighting = { readonly size: number; readonly modifiedAt: string; readonly sinceMs: number };

function marked(entries: readonly DirectoryEntry[], ending: string): DirectoryEntry[] {
  const names = new Set(entries.map(({ name }) => name));
  return entries.filter(({ name }) => !name.endsWith(ending) && !isUnfinishedName(name) && names.has(`${name}${ending}`));
}

function byAge(left: DirectoryEntry, right: DirectoryEntry): number {
  return left.modifiedAt < right.modifiedAt ? -1 : left.modifiedAt > right.modifiedAt ? 1 : left.name < right.name ? -1 : 1;
}
