import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { runningClock } from './clock.ts';

test('a running clock goes on with the machine, jumps forward when told, and never goes back', () => {
  const machine = virtualClock('2026-01-01T00:00:00.000Z');
  const clock = runningClock('2017-11-24T10:00:00.000Z', machine);

  machine.advanceTo('2026-01-01T00:00:05.000Z');
  const afterFiveSeconds = clock.now();
  clock.advanceTo('2017-11-24T13:00:00.000Z');
  machine.advanceTo('2026-01-01T00:00:06.000Z');
  clock.advanceTo('2017-11-24T11:00:00.000Z');

  expect(afterFiveSeconds).toBe('2017-11-24T10:00:05.000Z');
  expect(clock.now()).toBe('2017-11-24T13:00:01.000Z');
});
