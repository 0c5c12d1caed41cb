import { isFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chatWebhook } from './chat-webhook.ts';
import { intentMemo, virtualClock } from './sandbox/index.ts';

const origin = 'https://chat.example';
const secret = '/hooks/T0/B0/verysecretpart';

beforeEach(() => nock.disableNetConnect());

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function webhook() {
  return chatWebhook({ connection: 'ops', url: origin + secret, clock: virtualClock('2026-11-23T09:00:00.000Z'), random: () => 0 });
}

const saying = (text: string) => ({ title: 'Notice', text, about: null });

test('a notice is one POST of its text as JSON', async () => {
  const sent: unknown[] = [];
  nock(origin, { reqheaders: { 'content-type': 'application/json; charset=utf-8' } })
    .post(secret, (body: unknown) => sent.push(body) === 1)
    .reply(200, 'ok');

  expect(await webhook().make(saying('Exception 7 parcel-lost'), intentMemo('notify/1'))).toEqual({ ref: null });

  expect(sent).toEqual([{ text: 'Exception 7 parcel-lost' }]);
});

test('a name out of a shop calls nobody together and makes no link', async () => {
  nock(origin).post(secret, { text: 'order (!channel) (at)all' }).reply(200, 'ok');
  expect(await webhook().make(saying('order <!channel> @all'), intentMemo('notify/1'))).toEqual({ ref: null });
});

test.each([
  [404, 'not-applied'],
  [503, 'unknown'],
])('HTTP %i is a fault whose outcome is %s, without the address, and nothing is sent twice', async (status, outcome) => {
  let calls = 0;
  nock(origin)
    .post(secret)
    .times(3)
    .reply(() => [status, `no such hook ${secret} ${(calls += 1)}`]);

  const fault: unknown = await webhook()
    .make(saying('hello'), intentMemo('notify/1'))
    .catch((error: unknown) => error);

  expect(isFault(fault) && fault.facts).toMatchObject({ connector: 'chat-webhook', operation: 'notify', status, outcome });
  expect(JSON.stringify(fault)).not.toContain('verysecretpart');
  expect(calls).toBe(1);
});

test('what may have arrived is left to a person, since a webhook cannot be asked', async () => {
  expect(webhook().safety).toBe('read-back');
  expect(await webhook().find(saying('hello'), intentMemo('notify/1'))).toMatchObject({ kind: 'cannot-tell' });
});

test('an address that is none is named by its connection, and not shown', () => {
  expect(() => chatWebhook({ connection: 'ops', url: 'verysecretpart' })).toThrow(/^the address of the chat webhook ops is no URL$/);
});
