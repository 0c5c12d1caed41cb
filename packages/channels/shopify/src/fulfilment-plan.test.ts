import { expect, test } from 'vitest';
import { nextFulfilmentStep, type OpenFulfillmentOrder } from './fulfilment-plan.ts';

function fulfillmentOrder(
  id: string,
  locationId: string,
  remaining: Readonly<Record<string, number>>,
  status = 'OPEN',
): OpenFulfillmentOrder {
  return {
    id,
    status,
    locationId,
    lines: Object.entries(remaining).map(([lineItemId, units]) => ({
      id: `${id}/${lineItemId}`,
      lineItemId,
      inventoryItemId: `item-of-${lineItemId}`,
      remaining: units,
    })),
  };
}

test('takes units at the shipping location before it moves any', () => {
  const orders = [fulfillmentOrder('far', 'PAR', { mug: 2 }), fulfillmentOrder('near', 'BER', { mug: 2 })];
  expect(nextFulfilmentStep(orders, [{ lineItemId: 'mug', units: 2 }], 'BER')).toEqual({
    kind: 'ship',
    parts: [{ fulfillmentOrderId: 'near', lines: [{ id: 'near/mug', quantity: 2 }] }],
  });
});

test('moves only the units that are missing at the shipping location', () => {
  const orders = [fulfillmentOrder('far', 'PAR', { mug: 5, tea: 5 }), fulfillmentOrder('near', 'BER', { mug: 2 })];
  const wanted = [
    { lineItemId: 'mug', units: 3 },
    { lineItemId: 'tea', units: 1 },
  ];
  expect(nextFulfilmentStep(orders, wanted, 'BER')).toEqual({
    kind: 'move',
    fulfillmentOrderId: 'far',
    lines: [
      { id: 'far/mug', quantity: 1 },
      { id: 'far/tea', quantity: 1 },
    ],
    inventoryItemIds: ['item-of-mug', 'item-of-tea'],
  });
});

test('ships a line from two fulfillment orders at the same location', () => {
  const orders = [fulfillmentOrder('one', 'BER', { mug: 1 }), fulfillmentOrder('two', 'BER', { mug: 1 }, 'IN_PROGRESS')];
  expect(nextFulfilmentStep(orders, [{ lineItemId: 'mug', units: 2 }], 'BER')).toMatchObject({
    kind: 'ship',
    parts: [{ fulfillmentOrderId: 'one' }, { fulfillmentOrderId: 'two' }],
  });
});

test('counts a line that is named twice once, with the sum of its units', () => {
  const orders = [fulfillmentOrder('near', 'BER', { mug: 3 })];
  const wanted = [
    { lineItemId: 'mug', units: 2 },
    { lineItemId: 'mug', units: 2 },
  ];
  expect(nextFulfilmentStep(orders, wanted, 'BER')).toEqual({ kind: 'short', lineItemId: 'mug', wanted: 4, open: 3, held: 0 });
});

test.each(['CLOSED', 'CANCELLED', 'INCOMPLETE'])('ships nothing of a fulfillment order that is %s', (status) => {
  const orders = [fulfillmentOrder('near', 'BER', { mug: 3 }, status)];
  expect(nextFulfilmentStep(orders, [{ lineItemId: 'mug', units: 1 }], 'BER')).toEqual({
    kind: 'short',
    lineItemId: 'mug',
    wanted: 1,
    open: 0,
    held: 0,
  });
});

test.each(['ON_HOLD', 'SCHEDULED'])('says of units that are %s that they are held', (status) => {
  const orders = [fulfillmentOrder('near', 'BER', { mug: 3 }, status)];
  expect(nextFulfilmentStep(orders, [{ lineItemId: 'mug', units: 1 }], 'BER')).toMatchObject({ kind: 'short', open: 0, held: 3 });
});
