import type { Journal } from '@quartermaster/journal';

/** Told of every read and transaction of a journal, once it is over. */
export type JournalTurn = { readonly mode: 'read' | 'write'; readonly outcome: 'ok' | 'failed'; readonly tookMs: number };

/** The same journal, with somebody who hears how long each turn took, waiting for its turn included. */
export function observedJournal(journal: Journal, tell: (turn: JournalTurn) => void): Journal {
  const timed = async <Result>(mode: JournalTurn['mode'], work: () => Promise<Result>): Promise<Result> => {
    const began = performance.now();
    let outcome: JournalTurn['outcome'] = 'failed';
    try {
      const result = await work();
      outcome = 'ok';
      return result;
    } finally {
      tell({ mode, outcome, tookMs: performance.now() - began });
    }
  };
  return {
    ...journal,
    read: (work) => timed('read', () => journal.read(work)),
    transaction: (work) => timed('write', () => journal.transaction(work)),
  };
}
