import { AsyncLocalStorage } from 'node:async_hooks';
import type { Journal } from '@quartermaster/journal';
import type { EventLog } from './context.ts';

/**
 * Keeps events that are told inside a transaction until it is on the disk: what was rolled back did not happen, and what was run again because another replica was in the way happened
 * once.
 */
export function toldAfterCommit(journal: Journal, log: EventLog): { readonly journal: Journal; readonly log: EventLog } {
  const kept = new AsyncLocalStorage<{ events: Parameters<EventLog>[0][]; over: boolean }>();
  return {
    journal: {
      ...journal,
      async transaction(work) {
        let telling: Parameters<EventLog>[0][] = [];
        const result = await journal.transaction(async (tx) => {
          const run = { events: [], over: false };
          try {
            return await kept.run(run, () => work(tx));
          } finally {
            run.over = true;
            telling = run.events;
          }
        });
        for (const event of telling) log(event);
        return result;
      },
    },
    log(event) {
      const run = kept.getStore();
      if (run === undefined || run.over) log(event);
      else run.events.push(event);
    },
  };
}
