import { expect, test } from 'vitest';
import { gathering, type Gathered } from './gathering.ts';

const found = (result: string): Gathered<string> => ({ kind: 'result', result });

/** Writes down what is asked for together; `b` is refused. */
function givenGathering(atMost = 10) {
  const calls: string[][] = [];
  const ask = gathering<string, string>(
    async (requests) => {
      calls.push([...requests]);
      return requests.map((request) => (request === 'b' ? { kind: 'fault', fault: new Error('b is refused') } : found(`${request}!`)));
    },
    { atMost },
  );
  return { ask, calls };
}

test('what is asked for at once goes as one call, and each gets its own answer', async () => {
  const { ask, calls } = givenGathering();

  const answers = await Promise.allSettled(['a', 'b', 'c'].map(ask));

  expect(calls).toEqual([['a', 'b', 'c']]);
  expect(answers).toEqual([
    { status: 'fulfilled', value: 'a!' },
    { status: 'rejected', reason: new Error('b is refused') },
    { status: 'fulfilled', value: 'c!' },
  ]);
});

test('what is asked for later goes in a call of its own', async () => {
  const { ask, calls } = givenGathering();

  await ask('a');
  await ask('c');

  expect(calls).toEqual([['a'], ['c']]);
});

test('more than may go together goes in several calls', async () => {
  const { ask, calls } = givenGathering(2);

  await Promise.all(['a', 'c', 'd'].map(ask));

  expect(calls).toEqual([['a', 'c'], ['d']]);
});

test('when the call fails as a whole, everybody who asked is told', async () => {
  const ask = gathering<string, string>(() => Promise.reject(new Error('no way')), { atMost: 10 });

  const answers = await Promise.allSettled(['a', 'c'].map(ask));

  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('an answer that leaves somebody out is nobody’s answer', async () => {
  const ask = gathering<string, string>((requests) => Promise.resolve(requests.slice(1).map(found)), { atMost: 10 });

  await expect(Promise.all(['a', 'c'].map(ask))).rejects.toThrow('2 requests have 1 outcomes');
});

test('where only one call may be under way, what is asked for meanwhile goes together with the next one', async () => {
  const calls: string[][] = [];
  let end = Promise.withResolvers<void>();
  const ask = gathering<string, string>(
    async (requests) => {
      calls.push([...requests]);
      await end.promise;
      return requests.map(found);
    },
    { atMost: 2, atATime: 1 },
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answers = [ask('a')];
  await turn();
  for (const name of ['b', 'c', 'd']) {
    answers.push(ask(name));
    await turn();
  }
  expect(calls).toEqual([['a']]);

  end.resolve();
  end = Promise.withResolvers();
  end.resolve();

  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd']);
  expect(calls).toEqual([['a'], ['b', 'c'], ['d']]);
});
