import { channelOrderSchema, moneySchema, scopeSchema, type OrderLine } from '@quartermaster/domain';
import { z } from 'zod';
import { returnFactSchema } from './return-fact.ts';
import { askedCancellationSchema, askedRefundSchema } from './asked-by-people.ts';
import { approvalSchema, placedHoldSchema, waiverSchema } from './hold.ts';
import { orderOverrideSchema } from './override.ts';
import { commandKinds } from './command-kind.ts';
import { avoidedNodeSchema } from './avoided-node.ts';
import { hasLeft, isLive, shipmentSchema, type ShipmentLine } from './shipment.ts';

/** Where an order stands; the meanings stand in the package's README, the moves in {@link orderLifecycle}. */
export const orderStates = ['held', 'open', 'committed', 'shipped', 'cancelling', 'cancelled'] as const;
export type OrderState = (typeof orderStates)[number];

/**
 * All that we know and decided about one channel order: the one aggregate of the package, stored as JSON by the flows. Only {@link receive} and {@link decide} make one.
 */
export const orderCaseSchema = z.object({
  /** `orderKey` of the scope and the channel's order id. */
  key: z.string().min(1),
  scope: scopeSchema,
  /**
   * The channel's newest order. Once it is committed its content (lines, amounts, service) stays what was committed, and only its circumstances (payment, risk, address,
   * dates) follow the channel.
   */
  order: channelOrderSchema,
  /** The channel's newest order where its content differs from what was committed; never applied by itself. */
  pending: channelOrderSchema.nullable(),
  state: z.enum(orderStates),
  /** Holds that stand. On a committed order they stop labels and shipping. */
  holds: z.array(placedHoldSchema),
  waivers: z.array(waiverSchema),
  /** Releases that one of two persons has approved. */
  approvals: z.array(approvalSchema).default([]),
  /** What persons decided in place of the program; orders of earlier versions have none. */
  overrides: z.array(orderOverrideSchema).default([]),
  shipments: z.array(shipmentSchema),
  /** Nodes that may not have lines again which they could not ship. */
  avoids: z.array(avoidedNodeSchema).default([]),
  /** Decisions of sourcing that were taken up, so that none is taken up twice. */
  sourcedBy: z.array(z.string()),
  /** Null until the ERP has answered the write. */
  erp: z.object({ ref: z.string().min(1), name: z.string() }).nullable(),
  erpWriteAsked: z.boolean(),
  cancelAsked: z.boolean(),
  /** `none`: the channel takes none, or the order is of an earlier version. `due`: not asked for yet. */
  acknowledgement: z.enum(['none', 'due', 'asked', 'done']).default('none'),
  /** Money that was only authorized and that we asked the channel to take; null while that is not asked. Once it is done it is never asked again. */
  capture: z
    .object({ state: z.enum(['asked', 'done']), amount: moneySchema })
    .nullable()
    .default(null),
  /** What persons cancelled that the channel must be told of. */
  cancellations: z.array(askedCancellationSchema).default([]),
  /** What persons gave back. */
  refunds: z.array(askedRefundSchema).default([]),
  /** What customers send back, as the channel tells it. */
  returns: z.array(returnFactSchema).default([]),
  /** Commands that failed for good and have not succeeded since. */
  failures: z.array(z.object({ command: z.enum(commandKinds), shipmentId: z.string().nullable(), code: z.string(), message: z.string() })),
});
export type OrderCase = z.infer<typeof orderCaseSchema>;

/** Lines that leave in parcels: products and components of kits with something still wanted. A kit's parent and what has no stock never do. */
export function physicalLines(order: { readonly lines: readonly OrderLine[] }): OrderLine[] {
  return order.lines.filter((line) => (line.kind === 'product' || line.kind === 'component') && line.quantity > 0);
}

/** What still needs a node: units of physical lines that are in no live shipment. A line without SKU cannot be sourced and is left out. */
export function openLines(given: OrderCase): ShipmentLine[] {
  return physicalLines(given.order).flatMap((line) => {
    const units = line.quantity - unitsIn(given, line.id, isLive);
    return line.sku === null || units <= 0 ? [] : [{ lineId: line.id, sku: line.sku, units }];
  });
}

/** Whether sourcing may decide about the order now: nothing holds it and something has no node yet. */
export function wantsSourcing(given: OrderCase): boolean {
  return (given.state === 'open' || given.state === 'committed') && given.holds.length === 0 && openLines(given).length > 0;
}

/** Every unit that is wanted has left; true of an order without physical lines. */
export function allHasLeft(given: OrderCase): boolean {
  return physicalLines(given.order).every((line) => unitsIn(given, line.id, hasLeft) >= line.quantity);
}

function unitsIn(given: OrderCase, lineId: string, counts: (shipment: OrderCase['shipments'][number]) => boolean): number {
  return given.shipments
    .filter(counts)
    .flatMap((shipment) => shipment.lines)
    .filter((line) => line.lineId === lineId)
    .reduce((sum, line) => sum + line.units, 0);
}
