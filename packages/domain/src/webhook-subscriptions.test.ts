import { expect, test } from 'vitest';
import { webhooksAreSilent } from './webhook-subscriptions.ts';

const seen = { now: '2026-11-22T12:00:00.000Z', graceMs: 600_000, lastChange: '2026-11-22T11:30:00.000Z', lastWebhook: null };

test('a change that no webhook told within its time is silence', () => {
  expect(webhooksAreSilent(seen)).toBe(true);
});

test('no change is no silence', () => {
  expect(webhooksAreSilent({ ...seen, lastChange: null })).toBe(false);
});

test('a webhook may still be on its way', () => {
  expect(webhooksAreSilent({ ...seen, lastChange: '2026-11-22T11:55:00.000Z' })).toBe(false);
});

test('a webhook of about the same time is none', () => {
  expect(webhooksAreSilent({ ...seen, lastWebhook: '2026-11-22T11:25:00.000Z' })).toBe(false);
});

test('an old webhook says nothing about a new change', () => {
  expect(webhooksAreSilent({ ...seen, lastWebhook: '2026-11-22T09:00:00.000Z' })).toBe(true);
});
