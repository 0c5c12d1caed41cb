import { ConnectorFault, epochMs, instantOf } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { grantedToken, keptToken, tokenCalls } from './access-token.ts';
import { createHttp } from './http.ts';
import { surroundingsOf } from './surroundings.ts';
import { virtualClock } from './sandbox/index.ts';

const facts = {
  connector: 'vendor',
  operation: 'read',
  outcome: 'not-applied',
  message: 'the token is not good',
  retry: { kind: 'never' },
} as const;
const unauthorized = () => new ConnectorFault('unauthorized', facts);

function granting(tokens: readonly string[], lifeMs = 600_000) {
  const clock = virtualClock('2026-11-23T08:00:00Z');
  const left = [...tokens];
  const token = keptToken({
    clock,
    renewBeforeMs: 60_000,
    grant: () => {
      const next = left.shift();
      return next === undefined ? Promise.reject(unauthorized()) : Promise.resolve({ token: next, lifeMs });
    },
  });
  return { clock, token, later: (ms: number) => clock.advanceTo(instantOf(epochMs(clock.now()) + ms)) };
}

describe('one token for all calls', () => {
  test('is asked for once, however many wait for it', async () => {
    const { token } = granting(['one', 'two']);
    expect(await Promise.all([token({ rejected: null }), token({ rejected: null })])).toEqual(['one', 'one']);
  });

  test('is renewed so long before its end as a call may wait', async () => {
    const { token, later } = granting(['one', 'two']);
    await token({ rejected: null });
    later(539_000);
    const before = await token({ rejected: null });
    later(1_000);
    expect([before, await token({ rejected: null })]).toEqual(['one', 'two']);
  });

  test('is held for half of a life that is shorter than that', async () => {
    const { token, later } = granting(['one', 'two'], 60_000);
    await token({ rejected: null });
    later(29_000);
    const before = await token({ rejected: null });
    later(1_000);
    expect([before, await token({ rejected: null })]).toEqual(['one', 'two']);
  });
});

describe('a token that the vendor rejects', () => {
  const takes = (good: string) => (token: string) => (token === good ? Promise.resolve(`by ${token}`) : Promise.reject(unauthorized()));

  test('is replaced, and the call made once more', async () => {
    const calls = tokenCalls(granting(['one', 'two']).token);
    expect(await calls.with(takes('two'), { once: false })).toBe('by two');
  });

  test('is not tried again when the vendor grants the very same', async () => {
    const calls = tokenCalls(granting(['one', 'one']).token);
    let sent = 0;
    const made = calls.with(
      () => {
        sent += 1;
        return Promise.reject(unauthorized());
      },
      { once: false },
    );
    await expect(made).rejects.toMatchObject({ code: 'unauthorized' });
    expect(sent).toBe(1);
  });

  test('ends what is sent once; its next attempt has a new one', async () => {
    const calls = tokenCalls(granting(['one', 'two']).token);
    await expect(calls.with(takes('two'), { once: true })).rejects.toMatchObject({ facts: { retry: { kind: 'safely' } } });
    expect(await calls.with(takes('two'), { once: true })).toBe('by two');
  });
});

describe('a question for a token', () => {
  function answering(...answers: readonly Response[]) {
    const left = [...answers];
    const asked: string[] = [];
    const http = createHttp({
      ...surroundingsOf(
        {
          clock: virtualClock('2026-11-23T08:00:00Z'),
          fetch: (_, init) => {
            asked.push(typeof init?.body === 'string' ? init.body : '');
            return Promise.resolve(left.shift() ?? new Response('', { status: 500 }));
          },
        },
        {},
      ),
      connector: 'vendor',
    });
    const ask = () =>
      grantedToken({
        http,
        connector: 'vendor',
        operation: 'token.grant',
        url: 'https://vendor.test/token',
        grant: { grant_type: 'client_credentials' },
        refusal: () => ({ message: 'the vendor does not take the keys', advice: 'Compare them.' }),
      });
    return { ask, asked };
  }

  test('is asked again after an answer that cannot be read', async () => {
    const { ask, asked } = answering(new Response('<html>'), Response.json({ access_token: 'one', expires_in: '3600' }));
    expect(await ask()).toEqual({ token: 'one', lifeMs: 3_600_000 });
    expect(asked).toEqual(['grant_type=client_credentials', 'grant_type=client_credentials']);
  });

  test('that is refused is a matter of keys, and not asked again', async () => {
    const { ask, asked } = answering(new Response('{}', { status: 400 }));
    await expect(ask()).rejects.toMatchObject({ code: 'unauthorized', facts: { status: 400, retry: { kind: 'never' } } });
    expect(asked).toHaveLength(1);
  });
});
