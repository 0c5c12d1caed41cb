import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { circuitPolicy, mayPass, stepCircuit, type CircuitEvent, type CircuitStanding } from './circuit.ts';

const start = Date.UTC(2026, 10, 23);
const failed = fc.record({ kind: fc.constant('failed' as const), askedMs: fc.nat(120_000) });
const event: fc.Arbitrary<CircuitEvent> = fc.oneof(
  failed,
  fc.constant({ kind: 'worked' as const }),
  fc.constant({ kind: 'asked' as const }),
);
const history = fc.array(
  fc.record({ event, afterMs: fc.nat(90_000), random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) }),
);
/** A history at whose end the connection is left alone, and may be probed once the time has come. */
const broken = fc
  .tuple(
    history,
    fc.constant(
      Array.from({ length: circuitPolicy.failures }, () => ({ event: { kind: 'failed' as const, askedMs: 0 }, afterMs: 0, random: 0.5 })),
    ),
  )
  .map(([before, end]) => [...before, ...end]);
const closed: CircuitStanding = { state: 'closed', failures: 0 };

test('a connection that works is troubled freely, whatever was before', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { standing, at } = play(steps);
      expect(stepCircuit(standing, { kind: 'worked' }, at, () => 0)).toEqual(closed);
    }),
  );
});

test('a connection is left alone only after as many failures in a row as the policy says', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { standing, inARow } = play(steps);
      expect(standing.state !== 'closed').toBe(inARow >= circuitPolicy.failures);
    }),
  );
});

test('nobody is kept waiting for ever: a circuit can be probed after its longest wait, what the vendor asked for included', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { standing, at } = play(steps);
      const longest = instantOf(epochMs(at) + circuitPolicy.capMs + circuitPolicy.probeMs + 120_000);
      expect(mayPass(standing, longest)).not.toBe('wait');
    }),
  );
});

test('while one probes, everybody else waits', () => {
  fc.assert(
    fc.property(broken, (steps) => {
      const { standing, at } = due(play(steps));
      expect(
        mayPass(
          stepCircuit(standing, { kind: 'asked' }, at, () => 0),
          at,
        ),
      ).toBe('wait');
    }),
  );
});

test('a probe that fails opens the circuit for at least the pause that the vendor asked for', () => {
  fc.assert(
    fc.property(broken, fc.nat(120_000), (steps, askedMs) => {
      const { standing, at } = due(play(steps));
      const after = stepCircuit(
        stepCircuit(standing, { kind: 'asked' }, at, () => 0),
        { kind: 'failed', askedMs },
        at,
        () => 0,
      );
      expect(mayPass(after, instantOf(epochMs(at) + Math.max(0, askedMs - 1)))).toBe('wait');
    }),
  );
});

test('calls that were under way when the circuit opened do not put the probe off', () => {
  fc.assert(
    fc.property(broken, failed, (steps, more) => {
      const { standing, at } = play(steps);
      fc.pre(standing.state === 'open');
      expect(stepCircuit(standing, more, at, () => 0.9)).toEqual({ ...standing, failures: standing.failures + 1 });
    }),
  );
});

/** The same when its waiting is over. */
function due({ standing, at }: { readonly standing: CircuitStanding; readonly at: Instant }) {
  return { standing, at: standing.state === 'closed' || standing.until < at ? at : standing.until };
}

function play(steps: readonly { readonly event: CircuitEvent; readonly afterMs: number; readonly random: number }[]) {
  let standing: CircuitStanding = closed;
  let now = start;
  let inARow = 0;
  for (const { event: happening, afterMs, random } of steps) {
    now += afterMs;
    standing = stepCircuit(standing, happening, instantOf(now), () => random);
    if (happening.kind === 'worked') inARow = 0;
    if (happening.kind === 'failed') inARow += 1;
  }
  return { standing, inARow, at: instantOf(now) };
}
