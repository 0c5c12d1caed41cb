import { expect, test } from 'vitest';
import { now, settings } from '../testing/givens.ts';
import { policyCasesSchema, runPolicyCases } from './policy-cases.ts';
import { settingsUnder } from './policy-in-force.ts';

const policy = settingsUnder(settings(), {
  name: 'peak',
  sections: {
    checks: { reviewAbove: { EUR: '500.00' }, capturedFirst: ['shop'] },
    skuTags: { fragile: ['LAMP'] },
    priorities: [{ name: 'express', if: { services: ['express'] }, lateTimes: 3 }],
    splits: [{ name: 'dear', if: { totalFrom: { EUR: '300.00' } }, mostShipments: 1 }],
    eligibility: [{ name: 'glass', if: { tags: ['fragile'] }, allow: ['HAM'] }],
    commit: { rules: [{ name: 'b2b', if: { classes: ['business'] }, when: 'on-confirm' }] },
  },
});
const run = (cases: unknown) => runPolicyCases(policy, policyCasesSchema.parse({ cases }), now);

test('a case whose order gets the expected holds, nodes, priority, split and timing passes', () => {
  const order = { class: 'business', service: 'express', total: '900.00', authorised: '900.00', skus: { LAMP: 1, MUG: 2 } };
  const expected = { holds: ['manual', 'payment'], nodes: ['HAM'], priority: 'express', split: 'dear', commit: 'on-confirm' };
  expect(run([{ name: 'a dear lamp', order, expect: expected }])).toEqual([{ name: 'a dear lamp', wrong: [] }]);
});

test('a case that fails says what was expected and what is', () => {
  const expected = { holds: ['fraud'], nodes: ['BER'], priority: 'express', split: null, commit: 'on-payment' };
  expect(run([{ name: 'an ordinary mug', order: { skus: { MUG: 1 } }, expect: expected }])).toEqual([
    {
      name: 'an ordinary mug',
      wrong: [
        'holds: expected fraud, and it is none',
        'nodes: expected BER, and it is BER, HAM',
        'priority: expected express, and it is none',
        'commit: expected on-payment, and it is on-wave',
      ],
    },
  ]);
});

test('what a case does not expect is not compared', () => {
  expect(run([{ name: 'any', order: { risk: 'high' }, expect: { split: null } }])).toEqual([{ name: 'any', wrong: [] }]);
});
