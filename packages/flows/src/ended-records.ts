import { orderStates, type OrderCase } from '@quartermaster/fulfilment';
import type { driftStates } from './drift/ledger.ts';

const open: readonly OrderCase['state'][] = ['held', 'open', 'committed', 'cancelling'];

/** By kind of record, the states in which nothing more will happen to it: what belongs to others must not be pruned from the journal. */
export const endedRecords: Readonly<Record<string, readonly string[]>> = { order: orderStates.filter((state) => !open.includes(state)) };

const settled: (typeof driftStates)[number] = 'closed';

/** By kind of record, the states in which it goes itself once it is old: differences that are settled. What was done about them stays in the audit trail. */
export const forgottenRecords: Readonly<Record<string, readonly string[]>> = { drift: [settled] };
