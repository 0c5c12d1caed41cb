import { describe, expect, test } from 'vitest';
import { channelOrder, line, settings } from '../testing/givens.ts';
import { settingsUnder } from './policy-in-force.ts';
import { definePolicy, type PolicySections } from './policy-file.ts';
import { lintPolicy, type LintKnowledge } from './policy-lint.ts';

const nothing: LintKnowledge = { orders: null, skus: null };
const recorded: LintKnowledge = {
  orders: [
    { channel: 'shop', order: channelOrder({ name: '#1' }) },
    { channel: 'shop', order: channelOrder({ name: '#2', class: 'business', lines: [line('l', 'MUG', 1)] }) },
  ],
  skus: ['MUG', 'LAMP'],
};

describe('the linter finds, with the path of the field,', () => {
  test('nothing in the policy that stands', () => {
    expect(lintPolicy(settings(), recorded)).toEqual([]);
  });

  test('a node, a channel, a service and a kind of product that there is not', () => {
    const found = lint({
      eligibility: [{ name: 'a', if: { channels: ['shopp'], tags: ['hazmat'] }, allow: ['BER', 'MUC'] }],
      sourcing: { servicesFor: { express: ['house/turbo'] } },
      checks: { restricted: [{ name: 'x', tags: ['hazmat'] }], capturedFirst: ['ebay'] },
      safetyStock: { rules: [{ node: 'MUC', units: 3 }] },
    });
    expect(found.map(({ level, field }) => `${level} ${field}`).sort()).toEqual([
      'error checks.capturedFirst[0]',
      'error checks.restricted[0].tags[0]',
      'error eligibility[0].allow[1]',
      'error eligibility[0].if.channels[0]',
      'error eligibility[0].if.tags[0]',
      'error safetyStock.rules[0].node',
      'error sourcing.servicesFor.express[0]',
    ]);
  });

  test('a rule that matches nothing among the recorded orders, and says of how many', () => {
    const priorities = [{ name: 'France', if: { countries: ['FR'] }, lateTimes: 2 }];
    expect(lint({ priorities }, recorded)).toEqual([
      { level: 'warning', field: 'priorities[0].if', message: 'matches none of 2 recorded orders' },
    ]);
    expect(lint({ priorities }, nothing)).toEqual([]);
  });

  test('a pattern that fits no SKU', () => {
    expect(lint({ skuTags: { fragile: ['LAMP', 'VASE-*'] } }, recorded)).toEqual([
      { level: 'warning', field: 'skuTags.fragile[1]', message: 'VASE-* fits no known SKU' },
    ]);
  });

  test('a rule that an earlier one leaves nothing to, and not one that is only partly covered', () => {
    const wide = { name: 'all of the shop', if: { channels: ['shop'] }, lateTimes: 2 };
    const narrow = { name: 'business of the shop', if: { channels: ['shop'], classes: ['business' as const] }, lateTimes: 3 };

    expect(lint({ priorities: [wide, narrow] })).toEqual([
      {
        level: 'error',
        field: 'priorities[1]',
        message: '"business of the shop" is never reached: "all of the shop" before it takes every order that it means',
      },
    ]);
    expect(lint({ priorities: [narrow, wide] })).toEqual([]);
  });

  test('that a higher threshold is covered by a lower one before it, and a later day by a sooner one not', () => {
    const from = (name: string, amount: string) => ({ name, if: { totalFrom: { EUR: amount } }, mostShipments: 1 });
    const within = (name: string, days: number) => ({ name, if: {}, promisedWithinDays: days, lateTimes: 2 });

    expect(lint({ splits: [from('50', '50.00'), from('100', '100.00')] }).map(({ field }) => field)).toEqual(['splits[1]']);
    expect(lint({ splits: [from('100', '100.00'), from('50', '50.00')] })).toEqual([]);
    expect(lint({ priorities: [within('3', 3), within('1', 1)] }).map(({ field }) => field)).toEqual(['priorities[1]']);
    expect(lint({ priorities: [within('1', 1), within('3', 3)] })).toEqual([]);
  });

  test('rules that contradict each other: together they leave recorded orders no node', () => {
    const eligibility = [
      { name: 'business from Berlin', if: { classes: ['business' as const] }, allow: ['BER'] },
      { name: 'mugs from Hamburg', if: { skus: ['MUG'] }, allow: ['HAM'] },
    ];
    expect(lint({ eligibility }, recorded)).toEqual([
      { level: 'error', field: 'eligibility', message: 'the rules together leave no node to 1 of 2 recorded orders, such as #2' },
    ]);
  });

  test('a rule that contradicts itself', () => {
    expect(lint({ eligibility: [{ name: 'none', if: {}, allow: ['BER'], forbid: ['BER', 'HAM'] }] })[0]).toMatchObject({
      field: 'eligibility[0]',
    });
    expect(lint({ checks: { restricted: [{ name: 'none', skus: ['MUG'], to: ['US'], exceptTo: ['US'] }] } })[0]).toMatchObject({
      field: 'checks.restricted[0]',
    });
  });

  test('two rules of one name, and a threshold that another one makes pointless', () => {
    expect(
      lint({
        commit: {
          rules: [
            { name: 'a', if: { services: ['x'] }, when: 'on-wave' },
            { name: 'a', if: { services: ['y'] }, when: 'on-confirm' },
          ],
        },
      }),
    ).toMatchObject([{ field: 'commit.rules[1].name' }]);
    expect(lint({ checks: { reviewAbove: { EUR: '100.00' }, fraud: { valueAbove: { EUR: '500.00' } } } })).toMatchObject([
      { level: 'warning', field: 'checks.fraud.valueAbove.EUR' },
    ]);
  });
});

function lint(sections: PolicySections, known: LintKnowledge = nothing) {
  const { version: _version, name, ...given } = definePolicy({ version: 1, name: 'test', ...sections });
  return lintPolicy(settingsUnder(settings(), { name, sections: given }), known);
}
