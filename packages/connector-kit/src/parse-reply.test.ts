import { ConnectorFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseReply } from './parse-reply.ts';

const schema = z.object({ order: z.object({ id: z.int(), email: z.email() }) });
const context = { connector: 'vendor', operation: 'orders.pull', outcome: 'unknown' } as const;

test('an answer is read for what we use, and the rest is let be', () => {
  expect(parse('{"order":{"id":1,"email":"ada@example.com","new":true},"more":[]}')).toEqual({
    order: { id: 1, email: 'ada@example.com' },
  });
});

test.each([
  ['a page of a proxy', '<html>Bad Gateway</html>', 'not JSON (text/html, 24 characters)'],
  ['nothing', '', 'not JSON'],
  ['half an answer', '{"order":', 'not JSON'],
  ['another shape', '{"order":{"id":"1","email":"ada@example.com"}}', 'order.id'],
  ['no object', '[]', 'at its top'],
])('%s is a malformed reply that says where it is wrong', (_title, text, message) => {
  expect(faultOf(text)).toMatchObject({ code: 'malformed-reply', message: expect.stringContaining(message) });
});

test('whether the work may have been done is as the caller says', () => {
  expect(faultOf('').facts).toMatchObject({ outcome: 'unknown', status: 200, connector: 'vendor', operation: 'orders.pull' });
});

test.each(['ada@exämple', '{"order":{"id":1,"email":"ada at example.com"}}', '{"order":{"id":"ada at example.com","email":1}}'])(
  'what stands in a bad answer is never repeated (%#)',
  (text) => {
    const fault = faultOf(text);
    expect(`${fault.message}${JSON.stringify(fault)}${fault.stack}`).not.toContain('ada');
  },
);

function parse(text: string): unknown {
  return parseReply(schema, { status: 200, headers: { 'content-type': 'text/html' }, text }, context);
}

function faultOf(text: string): ConnectorFault {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConnectorFault) return error;
    throw error;
  }
  throw new Error('the answer was fine');
}
