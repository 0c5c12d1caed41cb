/**
 * Runs tasks that touch the same thing one after the other, in the order of asking, and others at the same time. A task takes all its keys at once, so two tasks never wait for
 * each other; one that fails does not stop the next. `everything` waits for all tasks before it and holds up all after it.
 */
export type Turns = <T>(keys: readonly string[] | 'everything', task: () => Promise<T>) => Promise<T>;

/** Turns of their own: they know nothing of tasks that others run. */
export function turns(): Turns {
  /** End of the last task that took a key; a key whose tasks have all ended is not in here. */
  const ends = new Map<string, Promise<void>>();
  /** Ends of all tasks that run or wait. */
  const open = new Set<Promise<void>>();
  let barrier: Promise<void> = Promise.resolve();

  return (keys, task) => {
    const before = keys === 'everything' ? [...open] : [barrier, ...keys.flatMap((key) => ends.get(key) ?? [])];
    const turn = Promise.all(before).then(task);
    const taken = keys === 'everything' ? [] : [...new Set(keys)];
    const leave = () => {
      open.delete(end);
      for (const key of taken) if (ends.get(key) === end) ends.delete(key);
    };
    const end: Promise<void> = turn.then(leave, leave);
    open.add(end);
    for (const key of taken) ends.set(key, end);
    if (keys === 'everything') barrier = end;
    return turn;
  };
}

const ofDatabases = new Map<string, Turns>();

/** The turns of a database: all connections of this process to it share them, because what they keep apart meets in the database. */
export function turnsAt(url: string, database: string): Turns {
  const address = JSON.stringify([new URL(url).href, database]);
  const known = ofDatabases.get(address) ?? turns();
  ofDatabases.set(address, known);
  return known;
}
