import type { Carrier } from '@quartermaster/domain';
import type { Journal } from '@quartermaster/journal';
import type { Life } from './life.ts';

/** A bug that is planted on purpose, to see whether the simulator finds it: what the daemon is given, changed. The product itself has no switch for it. */
export type Mutation = {
  readonly journal: (journal: Journal, life: Life) => Journal;
  readonly carrier: (carrier: Carrier) => Carrier;
  /** Settings of the shops' connectors. */
  readonly shop: { readonly overlapMs?: number };
};

/** The product as it is. */
export const none: Mutation = { journal: (journal) => journal, carrier: (carrier) => carrier, shop: {} };
