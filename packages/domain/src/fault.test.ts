import { expect, test } from 'vitest';
import { ConnectorFault, InvariantError, isFault, type FaultFacts } from './fault.ts';

const facts: FaultFacts = {
  connector: 'odoo',
  operation: 'sale.order.load',
  outcome: 'unknown',
  retry: { kind: 'after', ms: 2_000 },
  message: 'no answer in time',
  advice: 'Look the order up.',
  status: 504,
  vendorCode: 'GATEWAY',
  requestId: 'req-1',
  cause: new Error('key hunter2'),
};

test('a fault says who, what and how it went', () => {
  expect(new ConnectorFault('timeout', facts).message).toBe('odoo sale.order.load: no answer in time');
});

test('a fault is stored with everything but its cause', () => {
  const { cause: _cause, ...stored } = facts;
  expect(JSON.parse(JSON.stringify(new ConnectorFault('timeout', facts)))).toEqual({ code: 'timeout', ...stored });
});

test('what lies behind a fault never reaches the journal', () => {
  expect(JSON.stringify({ fault: new ConnectorFault('timeout', facts) })).not.toContain('hunter2');
});

test('the cause of a fault can still be seen by a debugger', () => {
  expect(new ConnectorFault('timeout', facts).cause).toBe(facts.cause);
});

test('a fault without a cause has none', () => {
  const { cause: _cause, ...without } = facts;
  expect('cause' in new ConnectorFault('timeout', without)).toBe(false);
});

test.each([
  [new ConnectorFault('timeout', facts), true],
  [new InvariantError('damaged'), false],
  [{ code: 'timeout' }, false],
  [null, false],
])('tells a fault of a connector from other errors (%#)', (error, expected) => {
  expect(isFault(error)).toBe(expected);
});
