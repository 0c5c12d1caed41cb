import { inventoryPolicySchema } from '@quartermaster/inventory';
import { parseProblem, solve, verifyPlan } from '@quartermaster/sourcing';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { channelOrder, line, problemInput, settings } from '../testing/givens.ts';
import { openScene } from '../testing/scene.ts';
import { explainOrder } from '../why/explain.ts';
import { usualRules, planByRule } from './usual-rules.ts';
import { poolWords, type PoolSale } from './pool-reservations.ts';
import { buildProblem, type Demand, type ProblemInput } from './sourcing-problem.ts';

type Pools = z.input<typeof inventoryPolicySchema>;
const now = '2026-11-23T09:00:00.000Z';
const contract = { name: 'ACME', kind: 'contract' as const, channel: 'b2b', units: 80, floor: 30 };

describe('prioritize wholesale commitments for contractual reasons while still protecting a minimum quantity for retail', () => {
  test('the units of a hard contract pool are not sourced for retail, however much retail wants', async () => {
    const shipped = await shippedBy({ pools: [{ ...contract, floor: 0 }] }, { BER: 100 }, [wants('shop', 15, 10)]);
    expect(shipped).toEqual({ shop: 20 });
  });

  test('the protected minimum of retail stays out of the reach of the contract, and the contract gets all the rest before retail does', async () => {
    const orders = [wants('b2b', 10, 10), wants('shop', 10, 10)];
    expect(await shippedBy({ pools: [contract] }, { BER: 90 }, orders)).toEqual({ b2b: 60, shop: 30 });
    expect(await shippedBy({ pools: [contract] }, { BER: 90 }, orders.slice(0, 1))).toEqual({ b2b: 60 });
  });

  test('beyond the contract and the minimum all channels take what serves them best', async () => {
    expect(await shippedBy({ pools: [contract] }, { BER: 200 }, [wants('b2b', 10, 10), wants('shop', 10, 10)])).toEqual({
      b2b: 100,
      shop: 100,
    });
  });

  test('a large line of the contract is kept whole at one node, though each node keeps something for retail', async () => {
    const orders = [wants('b2b', 1, 50), wants('shop', 4, 10)];
    expect(await shippedBy({ pools: [{ ...contract, units: 50 }] }, { BER: 55, HAM: 40 }, orders)).toEqual({ b2b: 50, shop: 40 });
  });

  test('the minimum for several retail channels goes to those whose orders want it now', async () => {
    const orders = [wants('b2b', 10, 10), wants('shop', 2, 10), wants('market', 1, 10)];
    expect(await shippedBy({ pools: [contract] }, { HAM: 90 }, orders)).toEqual({ b2b: 60, shop: 20, market: 10 });
  });

  test('no usual rule of the comparison gives units of a pool to others either', () => {
    const input = inputOf({ pools: [contract] }, { BER: 50 }, [wants('shop', 10, 10), wants('b2b', 10, 10)]);
    const problem = buildProblem(input);
    for (const rule of usualRules) {
      const plan = planByRule(rule, problem, input.settings);
      expect([rule, unitsShipped(input, plan.shipments)]).toEqual([rule, { shop: 30, b2b: 20 }]);
    }
  });
});

describe('what is left of a pool', () => {
  const campaign = { name: 'black week', kind: 'campaign' as const, channel: 'market', units: 60, from: '2026-11-20T00:00:00.000Z' };
  const sold = (units: number): PoolSale[] => [{ channel: 'market', sku: 'MUG', since: campaign.from, units }];

  test('what was shipped of a campaign is used up, and what its orders still wait for is not', async () => {
    const shop = wants('shop', 10, 10);
    expect(await shippedBy({ pools: [campaign] }, { BER: 100 }, [shop], sold(50))).toEqual({ shop: 90 });
    expect(await shippedBy({ pools: [campaign] }, { BER: 100 }, [shop, wants('market', 5, 10)], sold(50))).toEqual({
      shop: 40,
      market: 50,
    });
  });

  test('before its release and after its expiry a pool keeps nothing', async () => {
    const over = { ...campaign, until: now };
    const later = { ...campaign, from: '2026-11-24T00:00:00.000Z' };
    for (const pool of [over, later])
      expect(await shippedBy({ pools: [pool] }, { BER: 100 }, [wants('shop', 10, 10)])).toEqual({ shop: 100 });
  });

  test('a contract whose orders come another way is withheld from the wave', async () => {
    const elsewhere = { name: 'ACME', kind: 'contract' as const, units: 80 };
    expect(await shippedBy({ pools: [elsewhere] }, { BER: 100 }, [wants('shop', 10, 10)])).toEqual({ shop: 20 });
  });

  test('without pools the problem is what it was', () => {
    const input = inputOf({}, { BER: 100 }, [wants('shop', 1)]);
    expect(buildProblem(input).nodes.map(({ reserved, stock }) => [reserved, stock])).toEqual([
      [undefined, { MUG: 100 }],
      [undefined, {}],
    ]);
  });
});

describe('a wave under pools', () => {
  test('retail is told in words for whom units are kept, and what the contract has had is not kept for it a second time', async () => {
    const pools = [{ name: 'ACME', kind: 'contract' as const, channel: 'market', skus: ['MUG'], units: 8 }];
    const scene = await openScene({
      shops: ['shop', 'market'],
      stock: { MUG: [10, 0], LAMP: [0, 0] },
      settings: (given) => ({ ...given, inventory: inventoryPolicySchema.parse({ pools }) }),
    });
    const mugs = (shop: string, quantity: number) => scene.order({ shop, lines: [{ sku: 'MUG', quantity }] });
    const [contracted, retail, tooMuch] = [mugs('market', 5), mugs('shop', 2), mugs('shop', 2)];
    const shipments = () => Promise.all([contracted, retail, tooMuch].map(async (key) => (await scene.case(key)).shipments.length));
    await scene.at('2026-11-23T10:00:00.000Z', 'wave');
    expect(await shipments()).toEqual([1, 1, 0]);
    expect((await explainOrder(scene.journal, tooMuch))?.decisions[0]?.pools).toEqual(['8 of MUG are kept for market by ACME.']);

    scene.odoo.receive({ sku: 'MUG', node: 'BER', units: 2 });
    await scene.at('2026-11-23T13:00:00.000Z', 'wave');
    expect(await shipments()).toEqual([1, 1, 1]);
  });

  test('a contract that cannot be kept beside the minimum of retail is explained, with what to lower', () => {
    const problem = buildProblem(inputOf({ pools: [contract] }, { BER: 90 }, [wants('b2b', 10, 10)]));
    expect(poolWords(problem, 'b2b', ['MUG'])).toEqual([
      '30 of MUG are kept for shop, market by floor of ACME.',
      'ACME wants 80 of MUG and gets 60: 90 may be promised, of which floor of ACME has 30. Bring in 20 more; or lower floor of ACME by 20.',
    ]);
  });
});

/** Orders of a channel, each with a line of so many mugs. */
function wants(channel: string, orders: number, units = 1): Demand[] {
  return Array.from({ length: orders }, (_, index) => {
    const order = channelOrder({ id: `${channel}-${index}`, lines: [line('l1', 'MUG', units)] });
    return { key: order.id, channel, order, open: [{ lineId: 'l1', sku: 'MUG', units }] };
  });
}

function inputOf(
  inventory: Pools,
  mugs: Readonly<Record<string, number>>,
  demands: readonly Demand[][],
  sold: readonly PoolSale[] = [],
): ProblemInput {
  return problemInput({
    demands: demands.flat(),
    available: new Map(Object.entries(mugs).map(([node, units]) => [node, new Map([['MUG', units]])])),
    settings: { ...settings({ channels: ['shop', 'market', 'b2b'] }), inventory: inventoryPolicySchema.parse(inventory) },
    sold,
  });
}

/** Units by channel that the best plan ships, which the checker of plans finds feasible. */
async function shippedBy(...given: Parameters<typeof inputOf>): Promise<Record<string, number>> {
  const input = inputOf(...given);
  const problem = parseProblem(buildProblem(input));
  const { plan } = await solve(problem, {});
  expect(verifyPlan(problem, plan).errors).toEqual([]);
  return unitsShipped(input, plan.shipments);
}

function unitsShipped({ demands }: ProblemInput, shipments: readonly { readonly order: string }[]): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { order } of shipments) {
    const demand = demands.find(({ key }) => key === order);
    if (demand !== undefined) units[demand.channel] = (units[demand.channel] ?? 0) + (demand.open[0]?.units ?? 0);
  }
  return units;
}
