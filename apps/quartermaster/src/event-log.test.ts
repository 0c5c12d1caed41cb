import type { EventLevel } from '@quartermaster/flows';
import { expect, test } from 'vitest';
import { eventLog } from './event-log.ts';

const at = '2026-11-23T07:00:00.000Z';

function given(level: EventLevel, secrets: readonly string[] = []) {
  const lines: string[] = [];
  const log = eventLog({ out: (text) => lines.push(text), err: () => undefined, live: false }, { level, secrets: () => secrets });
  return { lines, log };
}

test('an event is one line of JSON with its level', () => {
  const { lines, log } = given('info');

  log({ at, event: 'intent.dead', kind: 'ship', key: 'a/b/c/order/1/ship', connection: 'erp', attempt: 12, code: 'timeout' });

  expect(lines).toEqual([
    `{"at":"${at}","level":"error","event":"intent.dead","kind":"ship","key":"a/b/c/order/1/ship","connection":"erp","attempt":12,"code":"timeout"}\n`,
  ]);
});

test('what is less than the level of the config is left out', () => {
  const { lines, log } = given('warn');

  log({ at, event: 'circuit.closed', connection: 'shop' });
  log({ at, event: 'circuit.opened', connection: 'shop', code: 'timeout', forMs: 1_000 });

  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['circuit.opened']);
});

test('a secret that is read later is taken out from then on, whatever field it got into', () => {
  const secrets: string[] = [];
  const { lines, log } = given('info', secrets);
  secrets.push('shpat-0123456789');

  log({ at, event: 'webhook.rejected', connection: 'shop', reason: 'signed with shpat-0123456789' });
  log({ at, event: 'circuit.opened', connection: 'shop', code: 'shpat-0123456789', forMs: 1 });

  expect(lines.join('')).not.toContain('shpat');
});
