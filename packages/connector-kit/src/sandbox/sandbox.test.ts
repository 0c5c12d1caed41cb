import { expect, test } from 'vitest';
import { sandboxFetch, type SandboxApp } from './app.ts';
import { withFaults, type SandboxFault } from './faults.ts';

const origin = 'https://vendor.example';
const call = { method: 'POST', body: 'one label' };

test('a request ends in the sandbox of its origin', async () => {
  const { app } = labels();
  const answer = await sandboxFetch({ [origin]: app })(`${origin}/labels?x=1`, call);
  expect(await answer.text()).toBe('label 1 for POST /labels?x=1 one label');
});

test('where there is no sandbox nobody listens', async () => {
  await expect(sandboxFetch({})(`${origin}/labels`)).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
});

test('a dropped connection looks like a broken socket', async () => {
  const { app } = labels();
  const dropping = sandboxFetch({ [origin]: withFaults(app, () => 'drop-before') });
  await expect(dropping(origin, call)).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
});

test('a request that was given up before never reaches the sandbox', async () => {
  const { app, made } = labels();
  await expect(sandboxFetch({ [origin]: app })(origin, { ...call, signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
    'too late',
  );
  expect(made()).toBe(0);
});

test('who gives up a request that hangs is told at once', async () => {
  const { app } = labels();
  const giveUp = new AbortController();
  const hanging = sandboxFetch({ [origin]: withFaults(app, () => 'hang-before') })(origin, { ...call, signal: giveUp.signal });
  giveUp.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
});

test.each<[SandboxFault, number]>([
  ['rate-limited', 0],
  ['error-before', 0],
  ['error-after', 1],
  ['drop-before', 0],
  ['drop-after', 1],
  ['unauthorized', 0],
  ['malformed-before', 0],
  ['malformed-after', 1],
  ['truncated-after', 1],
])('%s leaves %i labels made', async (fault, expected) => {
  const { app, made } = labels();
  await sandboxFetch({ [origin]: withFaults(app, () => fault) })(origin, call).catch(() => undefined);
  expect(made()).toBe(expected);
});

test.each<[SandboxFault, number]>([
  ['hang-before', 0],
  ['hang-after', 1],
])('%s leaves %i labels made', async (fault, expected) => {
  const { app, made } = labels();
  const giveUp = new AbortController();
  const hanging = sandboxFetch({ [origin]: withFaults(app, () => fault) })(origin, { ...call, signal: giveUp.signal });
  await new Promise((resolve) => setImmediate(resolve));
  giveUp.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
  expect(made()).toBe(expected);
});

test.each<[SandboxFault, number, string | null]>([
  ['rate-limited', 429, '1'],
  ['error-before', 502, null],
  ['error-after', 504, null],
  ['unauthorized', 401, null],
  ['malformed-before', 200, null],
  ['truncated-after', 200, null],
])('%s is answered with HTTP %i', async (fault, status, retryAfter) => {
  const { app } = labels();
  const answer = await sandboxFetch({ [origin]: withFaults(app, () => fault) })(origin, call);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
});

test('the plan is asked for each call with its number and the request', async () => {
  const asked: string[] = [];
  const { app } = labels();
  const fetching = sandboxFetch({
    [origin]: withFaults(app, (number, request) => {
      asked.push(`${number} ${request.method}`);
      return null;
    }),
  });
  await fetching(origin, call);
  await fetching(origin);
  expect(asked).toEqual(['0 POST', '1 GET']);
});

function labels(): { app: SandboxApp; made: () => number } {
  let made = 0;
  return {
    app: async (request) => {
      made += 1;
      const { pathname, search } = new URL(request.url);
      return new Response(`label ${made} for ${request.method} ${pathname}${search} ${await request.text()}`);
    },
    made: () => made,
  };
}
