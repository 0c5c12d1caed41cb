import { expect, test } from 'vitest';
import { callGate } from './call-gate.ts';

/** Calls that stay under way until they are ended. */
function given(mostAtOnce: number) {
  const gate = callGate(mostAtOnce);
  const underWay = new Map<string, PromiseWithResolvers<string>>();
  const call = (name: string, signal?: AbortSignal) =>
    gate(() => {
      const own = Promise.withResolvers<string>();
      underWay.set(name, own);
      return own.promise;
    }, signal);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { underWay, call, settle };
}

test('no more calls are under way than may be, and the others follow in the order of asking', async () => {
  const { underWay, call, settle } = given(2);
  const calls = ['a', 'b', 'c', 'd'].map((name) => call(name));
  await settle();
  expect([...underWay.keys()]).toEqual(['a', 'b']);

  underWay.get('b')?.resolve('done');
  await settle();

  expect([...underWay.keys()]).toEqual(['a', 'b', 'c']);
  expect(await calls[1]).toBe('done');
});

test('a call that fails lets the next one in', async () => {
  const { underWay, call, settle } = given(1);
  const [first] = [call('a'), call('b')];
  await settle();

  underWay.get('a')?.reject(new Error('the vendor is away'));

  await expect(first).rejects.toThrow('the vendor is away');
  await settle();
  expect([...underWay.keys()]).toEqual(['a', 'b']);
});

test('a call that is ended while it waits never begins and holds nobody up', async () => {
  const { underWay, call, settle } = given(1);
  const stop = new AbortController();
  void call('a');
  const ended = call('b', stop.signal);
  void call('c');
  stop.abort(new Error('stopped'));
  await expect(ended).rejects.toThrow('stopped');

  underWay.get('a')?.resolve('done');
  await settle();

  expect([...underWay.keys()]).toEqual(['a', 'c']);
});

test('a gate through which nothing passes is refused', () => {
  expect(() => callGate(0)).toThrow(RangeError);
});
