import { expect, test } from 'vitest';
import { figures } from './figures.ts';
import {
  after,
  bought,
  draft,
  labelledCase,
  lamp,
  line,
  mugs,
  order,
  received,
  releasedAll,
  releasedCase,
  shippedAt,
  sourcedWhole,
  writtenCase,
} from './testing/samples.ts';

const nothingFound = { kind: 'sourced', decisionId: 'd1', shipments: [] } as const;
const onlyMugs = { kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs])] } as const;

test('an order of which everything has left is shipped, whether the channel knows it or not', () => {
  expect(figures(after(labelledCase(), shippedAt('1')).case, false)).toBe('shipped');
});

test('a line without stock does not keep an order from counting as shipped', () => {
  const wrapped = writtenCase(sourcedWhole, order({ lines: [...order().lines, line('l3', 'WRAP', 1, { kind: 'non-stock' })] }));
  expect(figures(after(wrapped, releasedAll(wrapped), bought('1', 'a'), shippedAt('1')).case, false)).toBe('shipped');
});

test('an order is partial when something has left and the rest has no node', () => {
  expect(figures(after(releasedCase(onlyMugs), bought('1', 'a'), shippedAt('1')).case, false)).toBe('partial');
});

test('an order of which something is still under way is open', () => {
  expect(figures(releasedCase(onlyMugs), false)).toBe('open');
});

test('an order for which nothing was found is backordered', () => {
  expect(figures(after(received(), nothingFound).case, false)).toBe('backordered');
});

test('a backordered order that has been sourced at last is open again', () => {
  const waiting = writtenCase(nothingFound);
  const found = after(waiting, { kind: 'sourced', decisionId: 'd2', shipments: [draft('BER', [mugs, lamp])] }).case;
  expect(figures(found, false)).toBe('open');
});

test('a held order is held, and an open one is open', () => {
  expect(figures(received(order(), [{ code: 'fraud', reason: 'high' }]), false)).toBe('held');
  expect(figures(received(), false)).toBe('open');
});

test('a committed order that a person holds counts as held', () => {
  const held = after(releasedCase(), { kind: 'hold-placed', hold: { code: 'manual', reason: 'call' }, by: 'mia' }).case;
  expect(figures(held, false)).toBe('held');
});

test('a blocking exception comes before everything but the end of an order', () => {
  expect(figures(releasedCase(), true)).toBe('exceptions');
  expect(figures(after(labelledCase(), shippedAt('1')).case, true)).toBe('shipped');
});

test('an order that is being cancelled counts as cancelled', () => {
  expect(figures(after(writtenCase(), { kind: 'cancel-requested', by: 'operator' }).case, true)).toBe('cancelled');
});

test('an order without physical lines is open until the ERP has it', () => {
  const digital = received(order({ lines: [line('l1', 'SONG', 1, { kind: 'non-stock' })] }));
  expect(figures(digital, false)).toBe('open');
  const sent = after(digital, nothingFound).case;
  expect(figures(after(sent, { kind: 'written', erp: { ref: '1', name: 'S1' }, deliveries: [] }).case, false)).toBe('shipped');
});
