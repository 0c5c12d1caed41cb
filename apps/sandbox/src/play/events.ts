import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { ShopifySandbox } from '@quartermaster/shopify/sandbox';
import type { MovableClock } from '../clock.ts';
import type { Advance } from '../control.ts';
import type { World, WorldEvent, WorldShop } from '../world.ts';
import { missingPayment, shopAddressOf, shopOrderOf } from './shop.ts';

export type OpenShop = { readonly shop: WorldShop; readonly sandbox: ShopifySandbox };

/** Where an order of the world went: its shop, and the id that the shop gave it. */
export type PlacedOrder = { readonly shop: string; readonly shopOrderId: string };

export type Play = {
  advanceTo(instant: Instant): Advance;
  /** Lets more happen, now. */
  happen(events: readonly WorldEvent[]): void;
  /** By the world's order id, in the order in which they were placed. */
  readonly placed: ReadonlyMap<string, PlacedOrder>;
};

/** Lets the events of a world happen as the clock passes them, each once. */
export function playEvents(given: {
  readonly world: World;
  readonly clock: MovableClock;
  readonly shops: ReadonlyMap<string, OpenShop>;
  /** Goods arrive at a warehouse. */
  readonly receive: (receipt: { readonly sku: string; readonly node: string; readonly units: number }) => void;
}): Play {
  const { world, clock, shops } = given;
  const placed = new Map<string, PlacedOrder>();
  let next = 0;

  return {
    placed,
    advanceTo(instant) {
      const applied: string[] = [];
      const until = instantOf(epochMs(instant));
      for (let event = world.events[next]; event !== undefined && event.at <= until; event = world.events[++next]) {
        clock.advanceTo(event.at);
        apply(event, clock.now());
        applied.push(event.id);
      }
      clock.advanceTo(until);
      return { now: clock.now(), applied };
    },
    happen(events) {
      for (const event of events) apply(event, clock.now());
    },
  };

  function apply(event: WorldEvent, at: Instant): void {
    switch (event.kind) {
      case 'order': {
        const { shop, sandbox } = shopOf(event.shop);
        const { id } = sandbox.placeOrder({ ...shopOrderOf(event.order, shop, world.currency), at });
        const missing = missingPayment(event.order, world.currency);
        if (missing !== null) sandbox.refund(id, { amount: missing, at });
        placed.set(event.order.id, { shop: event.shop, shopOrderId: id });
        return;
      }
      case 'cancel':
        return shopOf(event.shop).sandbox.cancelOrder(idOf(event.order), at);
      case 'address':
        return shopOf(event.shop).sandbox.changeAddress(idOf(event.order), shopAddressOf(event.shipTo), at);
      case 'paid':
        return shopOf(event.shop).sandbox.setFinancialStatus(idOf(event.order), 'PAID', at);
      case 'receipt':
        return given.receive({ sku: event.sku, node: event.node, units: event.units });
    }
  }

  function shopOf(connection: string): OpenShop {
    const found = shops.get(connection);
    if (found === undefined) throw new RangeError(`the world has no shop ${JSON.stringify(connection)}`);
    return found;
  }

  function idOf(order: string): string {
    const found = placed.get(order);
    if (found === undefined) throw new RangeError(`the world changes order ${JSON.stringify(order)} before it is placed`);
    return found.shopOrderId;
  }
}
