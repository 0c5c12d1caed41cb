import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DroppedConnection, type SandboxApp } from './app.ts';
import { randomFaults, seededRandom, withFaults, type SandboxFault } from './faults.ts';

const request = new Request('https://vendor.example/');
const seed = fc.integer();
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('the same seed lets the same calls go wrong', () => {
  fc.assert(
    fc.property(seed, share, (given, part) => {
      expect(planned({ seed: given, share: part })).toEqual(planned({ seed: given, share: part }));
    }),
  );
});

test('a larger share lets at least as many calls go wrong, up to all of them', () => {
  fc.assert(
    fc.property(seed, (given) => {
      const wrong = [0, 1].map((part) => planned({ seed: given, share: part }).filter((fault) => fault !== null).length);
      expect(wrong).toEqual([0, 200]);
    }),
  );
});

test('no random fault hangs, because nothing would end it', () => {
  fc.assert(
    fc.property(seed, (given) => {
      expect(planned({ seed: given, share: 1 }).some((fault) => fault?.startsWith('hang'))).toBe(false);
    }),
  );
});

test('of many calls about the share goes wrong, half of it after the work', () => {
  const faults = planned({ seed: 7, share: 0.3 }, 20_000).filter((fault) => fault !== null);
  const after = faults.filter((fault) => fault.endsWith('-after'));
  expect([Math.round((faults.length / 20_000) * 20) / 20, Math.round((after.length / faults.length) * 20) / 20]).toEqual([0.3, 0.5]);
});

test('the work is done exactly for the calls that went well or failed after it', async () => {
  await fc.assert(
    fc.asyncProperty(seed, share, async (given, part) => {
      const plan = randomFaults({ seed: given, share: part });
      const done: number[] = [];
      let call = -1;
      const expected: number[] = [];
      const app: SandboxApp = async () => {
        done.push(call);
        return new Response('done');
      };
      const faulty = withFaults(app, (number, asked) => {
        call = number;
        const fault = plan(number, asked);
        if (fault === null || fault.endsWith('-after')) expected.push(number);
        return fault;
      });
      for (let turn = 0; turn < 50; turn++) await faulty(request).catch(ignoreDrop);
      expect(done).toEqual(expected);
    }),
  );
});

test('random numbers of a seed are at least 0 and below 1', () => {
  fc.assert(
    fc.property(seed, (given) => {
      const random = seededRandom(given);
      expect(Array.from({ length: 100 }, random).every((value) => value >= 0 && value < 1)).toBe(true);
    }),
  );
});

test('two seeds give two sequences', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (one, other) => {
      fc.pre(one !== other);
      const [left, right] = [seededRandom(one), seededRandom(other)].map((random) => Array.from({ length: 8 }, random));
      expect(left).not.toEqual(right);
    }),
  );
});

function planned(given: { seed: number; share: number }, calls = 200): (SandboxFault | null)[] {
  const plan = randomFaults(given);
  return Array.from({ length: calls }, (_value, call) => plan(call, request));
}

function ignoreDrop(error: unknown): void {
  if (!(error instanceof DroppedConnection)) throw error;
}
