import { createHash } from 'node:crypto';

/** Where the trace of an order begins. */
export type OrderTraceIds = { readonly traceId: string; readonly spanId: string };

/** The trace of an order, and the span that begins it, made of the order's key alone: every replica, and a process that starts anew, goes on with the same trace. */
export function orderTraceIds(orderKey: string): OrderTraceIds {
  const hash = createHash('sha256').update(`quartermaster/order/${orderKey}`).digest('hex');
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}
