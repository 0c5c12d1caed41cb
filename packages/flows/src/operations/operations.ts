import type { FlowContext } from '../context.ts';
import { billInvoice } from '../freight/bill-operation.ts';
import { importInvoice } from '../freight/import-invoice.ts';
import { contextOf, type FlowWorld } from '../world.ts';
import { approve, reject } from './approval-operations.ts';
import { cancelOrder } from './cancel-operation.ts';
import { pauseConnection, resumeConnection } from './connection-operations.ts';
import { retryException } from './exception-operations.ts';
import { freezeChanges, unfreezeChanges } from './freeze-operations.ts';
import { dropIntent, retryIntent } from './intent-operations.ts';
import { typeLabel } from './label-operation.ts';
import type { Asked, Outcome } from './operation.ts';
import { assignExceptions, retryExceptions, snoozeExceptions } from './queue-operations.ts';
import { applyPolicy } from './policy-operation.ts';
import { reopenNode, reportOutage } from '../resourcing/outage-operations.ts';
import { countStock, rejectShipment, reportShort } from '../resourcing/take-back-operations.ts';
import { refundOrder } from './refund-operation.ts';
import { releaseShipments } from './release-operation.ts';
import { checkPacked } from './pack-check-operation.ts';
import { repackShipment } from './repack-operation.ts';
import { reconcileNow } from './reconcile-operation.ts';
import { holdOrder, liftOverride, overrideOrder, releaseOrder } from './order-operations.ts';

type Ask<Given> = (asked: Asked, given: Given) => Promise<Outcome>;
type GivenOf<Work extends (context: FlowContext, asked: Asked, given: never) => Promise<Outcome>> = Parameters<Work>[2];

/** What people do to a running system. Each is one transaction, audited, and the same request twice is done once. */
export type Operations = {
  readonly retryIntent: Ask<GivenOf<typeof retryIntent>>;
  readonly retryException: Ask<GivenOf<typeof retryException>>;
  readonly retryExceptions: Ask<GivenOf<typeof retryExceptions>>;
  readonly assignExceptions: Ask<GivenOf<typeof assignExceptions>>;
  readonly snoozeExceptions: Ask<GivenOf<typeof snoozeExceptions>>;
  readonly dropIntent: Ask<GivenOf<typeof dropIntent>>;
  readonly typeLabel: Ask<GivenOf<typeof typeLabel>>;
  readonly holdOrder: Ask<GivenOf<typeof holdOrder>>;
  readonly releaseOrder: Ask<GivenOf<typeof releaseOrder>>;
  readonly overrideOrder: Ask<GivenOf<typeof overrideOrder>>;
  readonly liftOverride: Ask<GivenOf<typeof liftOverride>>;
  readonly cancelOrder: Ask<GivenOf<typeof cancelOrder>>;
  readonly refundOrder: Ask<GivenOf<typeof refundOrder>>;
  /** All that the policy lets go now. */
  readonly releaseShipments: (asked: Asked, given?: { readonly evenIfLate: boolean }) => Promise<Outcome>;
  readonly checkPacked: Ask<GivenOf<typeof checkPacked>>;
  readonly repackShipment: Ask<GivenOf<typeof repackShipment>>;
  readonly approve: Ask<GivenOf<typeof approve>>;
  readonly reject: Ask<GivenOf<typeof reject>>;
  readonly freezeChanges: Ask<GivenOf<typeof freezeChanges>>;
  readonly unfreezeChanges: Ask<GivenOf<typeof unfreezeChanges>>;
  readonly applyPolicy: Ask<GivenOf<typeof applyPolicy>>;
  readonly reportShort: Ask<GivenOf<typeof reportShort>>;
  readonly rejectShipment: Ask<GivenOf<typeof rejectShipment>>;
  readonly countStock: Ask<GivenOf<typeof countStock>>;
  readonly reportOutage: Ask<GivenOf<typeof reportOutage>>;
  readonly reopenNode: Ask<GivenOf<typeof reopenNode>>;
  readonly pauseConnection: Ask<GivenOf<typeof pauseConnection>>;
  readonly resumeConnection: Ask<GivenOf<typeof resumeConnection>>;
  /** Unlike the others not one transaction but one for each thing that is mended. */
  readonly reconcileNow: Ask<GivenOf<typeof reconcileNow>>;
  /** As many transactions as the file has parts. */
  readonly importInvoice: Ask<Parameters<typeof importInvoice>[2]>;
  readonly billInvoice: Ask<GivenOf<typeof billInvoice>>;
};

export function createOperations(given: FlowWorld): Operations {
  const context = contextOf(given);
  return {
    retryIntent: (asked, what) => retryIntent(context, asked, what),
    retryException: (asked, what) => retryException(context, asked, what),
    retryExceptions: (asked, what) => retryExceptions(context, asked, what),
    assignExceptions: (asked, what) => assignExceptions(context, asked, what),
    snoozeExceptions: (asked, what) => snoozeExceptions(context, asked, what),
    dropIntent: (asked, what) => dropIntent(context, asked, what),
    typeLabel: (asked, what) => typeLabel(context, asked, what),
    holdOrder: (asked, what) => holdOrder(context, asked, what),
    releaseOrder: (asked, what) => releaseOrder(context, asked, what),
    overrideOrder: (asked, what) => overrideOrder(context, asked, what),
    liftOverride: (asked, what) => liftOverride(context, asked, what),
    cancelOrder: (asked, what) => cancelOrder(context, asked, what),
    refundOrder: (asked, what) => refundOrder(context, asked, what),
    releaseShipments: (asked, given = { evenIfLate: false }) => releaseShipments(context, asked, given),
    checkPacked: (asked, what) => checkPacked(context, asked, what),
    repackShipment: (asked, what) => repackShipment(context, asked, what),
    approve: (asked, what) => approve(context, asked, what),
    reject: (asked, what) => reject(context, asked, what),
    freezeChanges: (asked, what) => freezeChanges(context, asked, what),
    unfreezeChanges: (asked, what) => unfreezeChanges(context, asked, what),
    applyPolicy: (asked, what) => applyPolicy(context, asked, what),
    reportShort: (asked, what) => reportShort(context, asked, what),
    rejectShipment: (asked, what) => rejectShipment(context, asked, what),
    countStock: (asked, what) => countStock(context, asked, what),
    reportOutage: (asked, what) => reportOutage(context, asked, what),
    reopenNode: (asked, what) => reopenNode(context, asked, what),
    pauseConnection: (asked, what) => pauseConnection(context, asked, what),
    resumeConnection: (asked, what) => resumeConnection(context, asked, what),
    reconcileNow: (asked, what) => reconcileNow(context, asked, what),
    importInvoice: (asked, what) => importInvoice(context, asked, what),
    billInvoice: (asked, what) => billInvoice(context, asked, what),
  };
}
