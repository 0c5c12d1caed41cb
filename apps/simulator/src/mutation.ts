import type { Carrier } from '@quartermaster/domain';
import type { Journal, Transaction } from '@quartermaster/journal';
import type { Life } from './life.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A bug that is planted on purpose, to see whether the simulator finds it: what the daemon is given, changed. The product itself has no switch for it. */
export type Mutation = {
  readonly journal: (journal: Journal, of: { readonly life: Life; readonly time: VirtualTime }) => Journal;
  readonly carrier: (carrier: Carrier) => Carrier;
  /** Settings of the shops' connectors. */
  readonly shop: { readonly overlapMs?: number };
};

/** The product as it is. */
export const none: Mutation = { journal: (journal) => journal, carrier: (carrier) => carrier, shop: {} };

export const mutations = {
  /** Every attempt at a label begins anew, whatever earlier ones left behind, and no look-up finds one. */
  'buy-blindly': {
    ...none,
    carrier: (carrier) => ({
      ...carrier,
      buy: (request, memo) => carrier.buy(request, { ...memo, refs: {} }),
      reconcile: () => Promise.resolve({ kind: 'absent' }),
    }),
  },
  /**
   * Who has lost a lease is not told while it goes on, and only refused at the end. (Were it not refused there either, the order itself would tell a second label from the first, and give it
   * back: `second-label`.)
   */
  'forget-the-fence': {
    ...none,
    journal: (journal) => ({ ...journal, transaction: (work) => journal.transaction((tx) => work(fenceless(tx))) }),
  },
  /** A process goes on, and out into the world, with what is not on the disk yet. */
  'publish-before-commit': {
    ...none,
    journal: (journal, { life, time }) => ({ ...journal, transaction: (work) => early(journal, work, { life, time }) }),
  },
  /** A shop is read again from the very moment up to which it was read. */
  'drop-the-overlap': { ...none, shop: { overlapMs: 0 } },
} as const satisfies Readonly<Record<string, Mutation>>;
export type MutationName = keyof typeof mutations;

function fenceless(tx: Transaction): Transaction {
  const { intents, leases, cursors } = tx;
  const regardless = async (answer: Promise<boolean>): Promise<boolean> => {
    await answer;
    return true;
  };
  return {
    ...tx,
    leases: {
      ...leases,
      renew: (lease, forMs) => regardless(leases.renew(lease, forMs)),
      guard: () => Promise.resolve(),
    },
    cursors: { ...cursors, set: (scope, stream, position) => cursors.set(scope, stream, position) },
    intents: {
      ...intents,
      markSent: (id, token) => regardless(intents.markSent(id, token)),
      renew: (id, token, lease) => regardless(intents.renew(id, token, lease)),
      saveRefs: (id, token, refs) => regardless(intents.saveRefs(id, token, refs)),
      saveRaw: (id, token, text) => regardless(intents.saveRaw(id, token, text)),
    },
  };
}

/** How long it takes until what was written is on the disk; who dies in between has lost it. */
const flushMs = 1_500;

/** Takes back what was only tried. */
class Tried extends Error {
  override readonly name = 'Tried';
}

/**
 * A transaction that notes that something leaves, or what must be known about it before it goes on: it is only tried, and written a little later, by a process that may not live any more.
 * (Were only its acknowledgement early, and the order of commits kept, the ids of a purchase would be kept before it leaves all the same.)
 */
async function early<Result>(
  journal: Journal,
  work: (tx: Transaction) => Promise<Result>,
  { life, time }: { readonly life: Life; readonly time: VirtualTime },
): Promise<Result> {
  const tried: Result[] = [];
  try {
    return await journal.transaction(async (tx) => {
      let leaves = false;
      const { intents } = tx;
      const result = await work({
        ...tx,
        intents: {
          ...intents,
          markSent: (id, token) => {
            leaves = true;
            return intents.markSent(id, token);
          },
          saveRefs: (id, token, refs) => {
            leaves = true;
            return intents.saveRefs(id, token, refs);
          },
        },
      });
      if (!leaves) return result;
      tried.push(result);
      throw new Tried();
    });
  } catch (error) {
    const [result] = tried;
    if (!(error instanceof Tried) || result === undefined) throw error;
    void time.clock.sleep(flushMs).then(() => (life.isOver() ? undefined : journal.transaction(work).catch(() => undefined)));
    return result;
  }
}
