import type { Choice, Comparison, Measured } from '@quartermaster/flows';
import { expect, test } from 'vitest';
import { comparison, comparisonHeads, comparisonWords } from './figures.ts';

const costing = (total: number): Choice => ({
  cost: { total, shipping: total, labor: 0, lateness: 0, split: 0, unfilled: 0 },
  shipments: 3,
  splitOrders: 0,
  lateOrders: 0,
  unfilledLines: 0,
});
const compared = (measured: Measured): Comparison => ({
  measured,
  plan: costing(900),
  baseline: costing(1200),
  rules: { 'nearest-first': costing(1200), 'rule-cascade': costing(1000), 'fewest-splits': costing(1500) },
  gap: 0.0125,
  labels: { count: 0, spentMinor: 0 },
});

test('what is saved is told against the rule that costs least, by its name', () => {
  const given = compared({ by: 'days', proposed: 0 });

  expect(comparisonHeads(given)).toEqual(['Quartermaster', 'nearest first', 'rule cascade', 'fewest splits', 'saved against rule cascade']);
  expect(comparison(given, 'EUR').find(([what]) => what === 'total')).toEqual(['total', '9.00', '12.00', '10.00', '15.00', '1.00']);
});

test('what a person has not approved yet, or what nobody did, is not called saved', () => {
  expect(comparisonHeads(compared({ by: 'days', proposed: 2 })).at(-1)).toBe('would save against rule cascade');
  expect(comparisonHeads(compared({ by: 'last-wave' })).at(-1)).toBe('would save against rule cascade');
});

test('each step of sourcing says in words what its figures are', () => {
  expect(comparisonWords(compared({ by: 'days', proposed: 0 }))).toBe(
    'Of the waves of two days: ours as decided, each rule with a past of its own. Proven: no other plan of the waves is more than 1.25 % cheaper.',
  );
  expect(comparisonWords(compared({ by: 'days', proposed: 2 }))).toContain(
    'Shipments that wait for the word of a person count as if they had it: 2.',
  );
  expect(comparisonWords(compared({ by: 'last-wave' }))).toBe(
    'Sourcing is in shadow and nothing of this was done: it is what the plan and each rule would have made of the orders, stock and prices of the last wave, whatever people did. Proven: no other plan of that wave is more than 1.25 % cheaper.',
  );
  expect(comparisonWords(compared({ by: 'nothing' }))).toBe('Sourcing only observes: nothing is decided, so there is nothing to compare.');
});
