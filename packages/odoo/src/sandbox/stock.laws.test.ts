import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import * as fc from 'fast-check';
import { isFault, money, type Erp, type NodeId } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { erpOn, orderKey, productLine, shopFloor, threeWayOrder } from '../testing/shop-floor.ts';
import type { OdooSnapshot } from './odoo-sandbox.ts';

type Event = {
  readonly kind: 'write' | 'write unsourced' | 'allocate' | 'ship' | 'cancel' | 'receive';
  readonly order: number;
  readonly node: NodeId;
  readonly units: number;
};

const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom('write', 'write unsourced', 'allocate', 'ship', 'cancel', 'receive'),
  order: fc.nat({ max: 4 }),
  node: fc.constantFrom('EAST', 'WEST'),
  units: fc.integer({ min: 1, max: 6 }),
});

test.each([17, 19] as const)(
  'whatever happens in Odoo %i, what is reserved is what open deliveries hold, and what is gone was shipped',
  async (version) => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
        const sandbox = shopFloor(version);
        const erp = erpOn(sandbox);
        for (const [index, each] of events.entries()) {
          if (each.kind === 'receive') sandbox.receive({ sku: 'LAMP', node: each.node, units: each.units });
          else await act(erp, each, String(index));
        }
        const received = events.filter((each) => each.kind === 'receive').reduce((sum, each) => sum + each.units, 0);
        expect(wrongInBooks(sandbox.snapshot(), 20 + received)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  },
);

/** Most events do not fit what happened before, and are refused. */
async function act(erp: Erp, { kind, order, node, units }: Event, name: string): Promise<void> {
  const key = { ...orderKey, orderId: String(order) };
  const memo = intentMemo(name);
  const write = (from: NodeId | null) =>
    erp.writeOrder(
      { ...threeWayOrder, key, lines: [productLine('1', 'LAMP', units, from, '1.00')], total: money(units * 100, 'EUR') },
      memo,
    );
  const effects: Record<Event['kind'], () => Promise<unknown>> = {
    write: () => write(node),
    'write unsourced': () => write(null),
    allocate: () => erp.allocate({ key, node, lineIds: ['1'] }, memo),
    ship: () => erp.ship({ key, node, lines: [{ lineId: '1', units }], carrier: 'UPS', trackingNumbers: [name] }, memo),
    cancel: () => erp.cancelOrder(key, memo),
    receive: () => Promise.resolve(),
  };
  try {
    await effects[kind]();
  } catch (error) {
    if (!isFault(error) || error.facts.outcome !== 'not-applied') throw error;
  }
}

/** What does not add up, in words. */
function wrongInBooks({ orders, quants }: OdooSnapshot, everThere: number): string[] {
  const wrong: string[] = [];
  const lamps = quants.filter((quant) => quant.sku === 'LAMP');
  const moves = orders.flatMap((order) =>
    order.pickings.flatMap(({ warehouse, moves }) => moves.map(({ quantity, state }) => ({ warehouse, quantity, state }))),
  );
  for (const { warehouse, quantity, reserved } of lamps) {
    const open = moves.filter((move) => move.warehouse === warehouse && move.state !== 'done');
    const held = open.reduce((sum, move) => sum + move.quantity, 0);
    if (reserved !== held) wrong.push(`${warehouse} has ${reserved} reserved, its deliveries hold ${held}`);
    if (reserved > quantity) wrong.push(`${warehouse} has ${reserved} reserved of ${quantity}`);
  }
  const shipped = moves.filter((move) => move.state === 'done').reduce((sum, move) => sum + move.quantity, 0);
  const left = lamps.reduce((sum, quant) => sum + quant.quantity, 0);
  if (left !== everThere - shipped) wrong.push(`${left} are left of ${everThere}, and ${shipped} were shipped`);
  return wrong;
}
