import type { Clock } from '@quartermaster/domain';
import type { WireOrder } from '../wire.ts';

/** What the vendor knows. */
export type VendorState = {
  readonly clock: Clock;
  readonly token: string;
  readonly stock: Map<string, number>;
  readonly orders: Map<string, WireOrder>;
  /** Units by line of each shipment. */
  readonly shippedUnits: Map<string, Readonly<Record<string, number>>>;
};

/** Changes an order, which the vendor then shows as changed now. */
export function changeOrder(state: VendorState, id: string, change: (order: WireOrder) => WireOrder): void {
  const order = state.orders.get(id);
  if (order === undefined) throw new RangeError(`no order ${id}`);
  state.orders.set(id, { ...change(order), updated_at: state.clock.now() });
}
