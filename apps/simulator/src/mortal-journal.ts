import { JournalError, type Journal } from '@quartermaster/journal';
import type { Life } from './life.ts';

/** What keeps a process from its journal. */
export type JournalTrouble = {
  /** The server does not answer: nothing begins. */
  readonly unreachable: () => boolean;
  /** The connection breaks off at a commit: what was written is kept, and nobody is told. */
  readonly losesAnswer: () => boolean;
};

/**
 * The journal as a process has it that may die at every transaction and read: before it, inside it (everything is rolled back), or after it without having heard that it was kept. A
 * transaction itself waits for nothing, so what several processes begin goes one after the other.
 */
export function mortalJournal(journal: Journal, life: Life, trouble: JournalTrouble): Journal {
  const begin = async (what: string) => {
    await life.point('journal-before', what);
    if (trouble.unreachable()) throw unreachable();
  };
  const end = async (what: string) => {
    await life.point('journal-after', what);
    if (trouble.unreachable()) throw unreachable();
  };
  return {
    ...journal,
    async transaction(work) {
      await begin('transaction');
      let died = false;
      try {
        const result = await journal.transaction(async (tx) => {
          const worked = await work(tx);
          if (!life.diesAt('journal-inside', 'transaction')) return worked;
          died = true;
          throw new Died();
        });
        if (trouble.losesAnswer()) throw unreachable();
        await end('transaction');
        return result;
      } catch (error) {
        if (died) return life.forever();
        await end('transaction failed');
        throw error;
      }
    },
    async read(work) {
      await begin('read');
      const result = await journal.read(work);
      await end('read');
      return result;
    },
    close: () => Promise.resolve(),
  };
}

/** Rolls the transaction of a dead process back. */
class Died extends Error {
  override readonly name = 'Died';
}

function unreachable(): JournalError {
  return new JournalError('unreachable', 'The server does not answer; the next start goes on.');
}
