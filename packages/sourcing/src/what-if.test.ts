import { expect, test } from 'vitest';
import { exampleProblem } from './example-problem.ts';
import { solve } from './solve.ts';
import { whatIf, type Force, type WhatIf } from './what-if.ts';

async function told(force: Force, change?: Parameters<typeof exampleProblem>[0]): Promise<WhatIf> {
  const problem = exampleProblem(change);
  const { plan } = await solve(problem);
  return whatIf(problem, plan, force);
}

test('an order that takes the last lamp pushes out the one that had it, and the whole pays the difference', async () => {
  expect(await told({ order: 'A1', node: 'vienna' })).toMatchObject({
    kind: 'possible',
    certainty: 'proven',
    change: expect.closeTo(0.04, 9),
    moved: [{ order: 'A1' }, { order: 'A2', before: [{ node: 'vienna' }], after: [{ node: 'berlin' }] }],
    words:
      'All orders together cost 0.04 EUR more: A1 ships from vienna by ground and pays 2.48 EUR less; A2 ships from berlin by ground and pays 2.52 EUR more.',
  });
});

test('an order that is made to wait costs what it leaves open, less what it would have paid', async () => {
  expect(await told({ order: 'A1', wait: true })).toMatchObject({
    certainty: 'proven',
    change: expect.closeTo(11.5, 9),
    moved: [{ order: 'A1', after: [] }],
  });
});

test('a service can be forced, and costs its price', async () => {
  expect(await told({ order: 'A1', service: 'express' })).toMatchObject({
    kind: 'possible',
    moved: [{ order: 'A1', after: [{ node: 'vienna', service: 'express' }] }, { order: 'A2' }],
  });
});

test('a split can be forced shipment by shipment', async () => {
  const shipments = [
    { node: 'vienna', service: 'ground', lines: [1] },
    { node: 'berlin', service: 'ground', lines: [0] },
  ];
  expect(await told({ order: 'A2', shipments })).toMatchObject({
    moved: [
      { order: 'A1', after: [{ node: 'vienna' }] },
      { order: 'A2', after: [{ node: 'vienna' }, { node: 'berlin' }] },
    ],
  });
});

test('what no node can do is impossible', async () => {
  expect(await told({ order: 'A1', node: 'berlin', service: 'express' })).toMatchObject({ kind: 'impossible' });
});

test('more than there is cannot be had even if all others let go', async () => {
  const twoLamps = { order: 'A2', shipments: [{ node: 'vienna', service: 'ground', lines: [0, 1] }] };
  const outcome = await told(twoLamps, (raw) => (raw.orders[1]!.lines[1]!['sku'] = 'lamp'));
  expect(outcome).toMatchObject({ kind: 'impossible' });
});

test('an unknown order is refused', async () => {
  await expect(told({ order: 'nobody', wait: true })).rejects.toThrow(RangeError);
});
