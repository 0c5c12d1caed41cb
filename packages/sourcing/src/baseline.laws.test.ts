import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { baselineNames, baselines } from './baseline.ts';
import { problems } from './testing/problems.ts';
import { verifyPlan } from './verify.ts';

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });

test.each(baselineNames)('the rule %s keeps every hard rule and claims what it costs', (name) => {
  fc.assert(
    fc.property(small, (problem) => {
      const { plan, cost } = baselines[name](problem);
      expect(verifyPlan(problem, plan)).toMatchObject({ errors: [], cost });
    }),
    { numRuns: 60 },
  );
});
