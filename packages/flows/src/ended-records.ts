import { trackingStates } from '@quartermaster/domain';
import { isTrackingOver, orderStates, type OrderCase } from '@quartermaster/fulfilment';
import type { driftStates } from './drift/ledger.ts';
import { careKind } from './exceptions/exception-queue.ts';
import { settledCare } from './exceptions/tend-exceptions.ts';
import { agreementKind, agreementStates } from './maturity/agreement.ts';
import { approvalKind, approvalStates } from './maturity/approvals.ts';
import { comparedShadow } from './maturity/compare-shadows.ts';
import { flowNames } from './maturity/maturity-policy.ts';
import { shadowKind } from './maturity/sourcing-steps.ts';
import { knownAddressKind, knownAddressState } from './intake/carrier-addresses.ts';
import { rememberedKind, rememberedState } from './intake/order-checks.ts';
import { shownKind } from './notifications/shown-notices.ts';
import { regretKind, verdicts } from './regret/regret.ts';
import { givenUp, parcelKind, withdrawn } from './tracking/parcels.ts';

const open: readonly OrderCase['state'][] = ['held', 'open', 'committed', 'cancelling'];

/** By kind of record, the states in which nothing more will happen to it: what belongs to others must not be pruned from the journal. */
export const endedRecords: Readonly<Record<string, readonly string[]>> = { order: orderStates.filter((state) => !open.includes(state)) };

const settled: (typeof driftStates)[number] = 'closed';

/** By kind of record, the states in which it goes itself once it is old: differences that are settled, of which the audit trail keeps what was done, parcels that nobody follows any more, and what is remembered of people and places that nobody orders for any more. */
export const forgottenRecords: Readonly<Record<string, readonly string[]>> = {
  drift: [settled],
  [careKind]: [settledCare],
  [shownKind]: ['ended'],
  [approvalKind]: approvalStates.filter((state) => state !== 'waiting'),
  [rememberedKind]: [rememberedState],
  [knownAddressKind]: [knownAddressState],
  [shadowKind]: [comparedShadow],
  [regretKind]: verdicts.filter((verdict) => verdict !== 'open'),
  ...Object.fromEntries(flowNames.map((flow) => [agreementKind(flow), agreementStates])),
  [parcelKind]: [...trackingStates.filter(isTrackingOver), withdrawn, givenUp],
};
