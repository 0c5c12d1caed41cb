import { expect, test } from 'vitest';
import { settings } from '../testing/givens.ts';
import { policyDifferences } from './policy-diff.ts';
import { settingsUnder } from './policy-in-force.ts';
import type { PolicySections } from './policy-file.ts';
import { policySettings } from './policy-sections.ts';

const under = (sections: PolicySections) => policySettings(settingsUnder(settings(), { name: 'test', sections }));
const says = (was: PolicySections, is: PolicySections) => policyDifferences(under(was), under(is)).map((each) => each.says);

test('policies that decide alike have no differences, however they are written', () => {
  expect(says({ checks: { trustTerms: true } }, {})).toEqual([]);
});

test('a difference is told by its field, with what it was and is', () => {
  expect(
    says({ checks: { reviewAbove: { EUR: '100.00' } } }, { checks: { reviewAbove: { EUR: '50.00', USD: '60.00' } }, waves: ['11:00'] }),
  ).toEqual([
    'waves was ["11:00","14:00"], is ["11:00"]',
    'checks.reviewAbove.EUR was "100.00", is "50.00"',
    'checks.reviewAbove.USD is new: "60.00"',
  ]);
});

test('rules are known by their names: one that is new, gone, changed, or only moved', () => {
  const rule = (name: string, lateTimes: number) => ({ name, if: { services: [name] }, lateTimes });

  expect(says({ priorities: [rule('a', 2), rule('b', 3)] }, { priorities: [rule('b', 3), rule('a', 4), rule('c', 5)] })).toEqual([
    'priorities "a".lateTimes was 2, is 4',
    expect.stringMatching(/^priorities "c" is new: \{"if":\{"services":\["c"\]\},"lateTimes":5/),
    'order of priorities was a, b, is b, a',
  ]);
  expect(says({ priorities: [rule('a', 2)] }, {})).toEqual([expect.stringMatching(/^priorities "a" is gone/)]);
});
