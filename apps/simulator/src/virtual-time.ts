import { instantOf, epochMs, type Clock, type Instant } from '@quartermaster/domain';

/** What happens later: at a moment, and of those of one moment in an order that chance decides. */
type Coming = { readonly at: number; readonly rank: number; readonly number: number; readonly happen: () => void };

/** The one time of a simulated day. Nothing waits for the machine: when all that can go on has come to rest, it is the moment of what comes next. */
export type VirtualTime = {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly clock: Clock;
  /** Lets something happen so many milliseconds from now; the function returned takes it back. */
  readonly after: (ms: number, happen: () => void) => () => void;
  /** Lets things happen, one after the other, until `over` says so or nothing is left. Returns how many those were. */
  readonly run: (over: () => boolean) => Promise<number>;
};

/** Begins a time. `chance` decides in which order things of the same millisecond happen. */
export function virtualTime(start: Instant, chance: () => number): VirtualTime {
  let now = epochMs(start);
  let count = 0;
  const coming = heap();
  const after = (ms: number, happen: () => void) => {
    let wanted = true;
    coming.push({
      at: now + Math.max(0, Math.ceil(ms)),
      rank: chance(),
      number: (count += 1),
      happen: () => (wanted ? happen() : undefined),
    });
    return () => {
      wanted = false;
    };
  };
  return {
    nowMs: () => now,
    after,
    clock: {
      now: () => instantOf(now),
      sleep: (ms) => new Promise((wake) => after(ms, wake)),
    },
    async run(over) {
      let happened = 0;
      await atRest();
      while (!over()) {
        const next = coming.pop();
        if (next === undefined) break;
        now = next.at;
        next.happen();
        happened += 1;
        await atRest();
      }
      return happened;
    },
  };
}

const nextTurn = globalThis.setImmediate;

/** Resolves when everything that does not wait for time has been done: promises all go on before the event loop's next turn. */
function atRest(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}

function heap() {
  const entries: Coming[] = [];
  const before = (a: Coming, b: Coming) => (a.at !== b.at ? a.at < b.at : a.rank !== b.rank ? a.rank < b.rank : a.number < b.number);
  const at = (index: number): Coming => {
    const entry = entries[index];
    if (entry === undefined) throw new RangeError(`no entry ${index}`);
    return entry;
  };
  const swap = (a: number, b: number) => {
    const kept = at(a);
    entries[a] = at(b);
    entries[b] = kept;
  };
  return {
    push(entry: Coming) {
      entries.push(entry);
      for (let index = entries.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!before(at(index), at(parent))) break;
        swap(index, parent);
        index = parent;
      }
    },
    pop(): Coming | undefined {
      const first = entries[0];
      const last = entries.pop();
      if (first === undefined || last === undefined || entries.length === 0) return first;
      entries[0] = last;
      for (let index = 0; ;) {
        const [left, right] = [2 * index + 1, 2 * index + 2];
        let least = index;
        if (left < entries.length && before(at(left), at(least))) least = left;
        if (right < entries.length && before(at(right), at(least))) least = right;
        if (least === index) return first;
        swap(index, least);
        index = least;
      }
    },
  };
}
