import { expect, test } from 'vitest';
import { labelStandingOf, meaningOf, statusMeanings, statusNameOf, statusNumbers, statusWords } from './status-table.ts';

test('what every status of Sendcloud means', () => {
  const rows = Object.entries(statusMeanings).map(([name, { state, reason }]) => {
    const numbers = Object.keys(statusNumbers).filter((number) => statusNumbers[number] === name);
    return [name, numbers.join(' ') || '-', state, reason ?? '-'].join(' | ');
  });
  expect(rows.join('\n')).toMatchSnapshot();
});

test('every number and every wording leads to a status that has a meaning', () => {
  const named = [...Object.values(statusNumbers), ...Object.values(statusWords)];
  expect(named.filter((name) => !Object.hasOwn(statusMeanings, name))).toEqual([]);
});

test.each([
  ['READY_TO_SEND', 'ready-to-send'],
  ['Delivery attempt failed', 'delivery-failed'],
  ['Announced: not collected', 'announced-uncollected'],
  ['PARCEL_EN_ROUTE', 'shipment-on-route'],
  ['Parcel cancellation failed.', 'cancellation-failed'],
  ['62990', 'at-sorting-centre'],
  ['At sorting centre', 'at-sorting-centre'],
])('%s is %s', (told, name) => {
  expect(statusNameOf(told)).toBe(name);
});

test.each(['teleported', '4711', 'constructor', ''])('a status that is not in the table (%s) is unknown and keeps its name', (told) => {
  expect([meaningOf(told).state, statusNameOf(told)]).toEqual(['unknown', told]);
});

test.each([
  ['READY_TO_SEND', 'there'],
  ['ANNOUNCING', 'announcing'],
  ['ANNOUNCEMENT_FAILED', 'failed'],
  ['Cancellation requested', 'given-back'],
  ['CANCELLED', 'given-back'],
  ['DELIVERED', 'there'],
  [null, 'there'],
] as const)('a label of a parcel that is %s is %s', (told, standing) => {
  expect(labelStandingOf(told)).toBe(standing);
});
