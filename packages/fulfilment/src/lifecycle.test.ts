import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdCodes } from './hold.ts';
import { lifecycleMarkdown } from './lifecycle-markdown.ts';
import { orderLifecycle, shipmentLifecycle } from './lifecycle.ts';
import { orderStates } from './order-case.ts';
import { shipmentStates } from './shipment.ts';

test('LIFECYCLE.md is what the tables say', () => {
  expect(readFileSync(new URL('../LIFECYCLE.md', import.meta.url), 'utf8')).toBe(lifecycleMarkdown());
});

test('an order that is over never becomes open again', () => {
  for (const state of ['shipped', 'cancelled'] as const) {
    const targets = Object.values(orderLifecycle[state]).flatMap((step) => ('to' in step ? step.to : []));
    expect(targets).not.toContain('open');
    expect(targets).not.toContain('committed');
  }
});

test('what has left stays left', () => {
  for (const state of ['shipped', 'confirmed'] as const) {
    const targets = Object.values(shipmentLifecycle[state]).flatMap((step) => ('to' in step ? step.to : []));
    expect(targets.filter((target) => target !== 'shipped' && target !== 'confirmed')).toEqual([]);
  }
});

test('the README explains every state and hold, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const explained = [...readme.matchAll(/^\| `([a-z-]+)` +\|/gm)].map((match) => match[1]);
  expect(explained).toEqual([...orderStates, ...shipmentStates, ...holdCodes]);
});
