import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import type { SourcingProblem } from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { decided, lampProblem } from '../testing/decisions.ts';
import { whyNot } from './why-not.ts';

/** Twenty orders of one to three lines for less than they want, in four warehouses; one has no vases, one no mugs, and an evening minute costs more. */
function twentyOrders(seed: number): SourcingProblem {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const skus = ['lamp', 'mug', 'vase'];
  return lampProblem((raw) => {
    const [berlin] = raw.nodes;
    const [service] = raw.services;
    if (berlin === undefined || service === undefined) throw new Error('the lamp problem has nodes and services');
    const nodes = ['BER', 'HAM', 'LYS', 'OPO'];
    const stocks = [
      { lamp: 6, mug: 9 },
      { lamp: 4, vase: 5 },
      { mug: 6, vase: 3 },
      { lamp: 3, mug: 4, vase: 4 },
    ];
    const lanes = (dearer: number) =>
      nodes.map((from) => ({ from, to: 'DE', base: dearer + between(300, 800) / 100, perKg: 0.3, transitDays: between(1, 3) }));
    return {
      ...raw,
      skus: [...raw.skus, { id: 'vase', weightKg: 3, volumeL: 9 }],
      nodes: nodes.map((id, index) => ({ ...berlin, id, zone: id, stock: stocks[index] ?? {} })),
      services: raw.services.map((each, index) => ({ ...each, lanes: lanes(index * 4) })),
      orders: Array.from({ length: 20 }, (_, index) => ({
        id: `O${index}`,
        channel: 'shop',
        zone: 'DE',
        promiseDay: between(1, 3),
        lateCostPerDay: 1,
        splitCost: 1,
        lines: skus.slice(between(0, 2), 3).map((sku) => ({ sku, units: between(1, 2), unfilledCostPerUnit: between(15, 30) })),
      })),
    };
  });
}

test(
  'for every order of a wave at every other node, what the node cannot ship comes from elsewhere, or is said to stay open',
  { timeout: 60_000 },
  async () => {
    const { decision } = await decided(twentyOrders(7));
    const { problem, plan } = decision;
    let shared = 0;
    for (const { id, lines } of problem.orders) {
      const used = new Set(plan.shipments.filter(({ order }) => order === id).map(({ node }) => node));
      for (const { id: node, stock } of problem.nodes.filter((each) => !used.has(each.id))) {
        const told = await whyNot(decision, { order: id, node }, null);
        const known = lines.some(({ sku, units }) => (stock[sku] ?? 0) >= units);
        expect([id, node, told.kind]).toEqual([id, node, known ? 'possible' : 'impossible']);
        if (told.kind !== 'possible') continue;
        const shipped = told.shipments.reduce((sum, each) => sum + each.lines.length, 0);
        if (told.shipments.some((each) => each.node !== node)) shared++;
        expect(told.shipments.some((each) => each.node === node)).toBe(true);
        expect(told.words.includes(`${lines.length - shipped} left open`)).toBe(shipped < lines.length);
        expect(told.ownChangeMinor + told.othersChangeMinor).toBe(told.totalMinor.after - told.totalMinor.before);
      }
    }
    expect(shared).toBeGreaterThan(5);
  },
);
