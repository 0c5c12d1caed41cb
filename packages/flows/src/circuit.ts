import { epochMs, instantOf, jitteredDelayMs, type Instant } from '@quartermaster/domain';

/** Whether a connection may be troubled: `closed` lets everything pass, `open` nothing until its time, then `half-open` the one who probes. */
export type CircuitStanding =
  | { readonly state: 'closed'; readonly failures: number }
  /** `until`: when it may be probed, or when the probe that is under way counts as lost. */
  | { readonly state: 'open' | 'half-open'; readonly failures: number; readonly until: Instant };

export type CircuitEvent =
  /** The connection as a whole did not answer or turned us away; `askedMs` is the pause that it asked for. */
  | { readonly kind: 'failed'; readonly askedMs: number }
  /** It answered, be it with a refusal. */
  | { readonly kind: 'worked' }
  /** Somebody wants to try it. */
  | { readonly kind: 'asked' };

/** So many failures in a row open a circuit. It is probed after a wait with full jitter, growing from `baseMs` to `capMs`, and at least `leastMs`; a probe without an outcome counts as lost after `probeMs`, and one for which nothing was due is looked for again after `spareMs`. */
export const circuitPolicy = { failures: 5, leastMs: 1_000, baseMs: 2_000, capMs: 60_000, probeMs: 60_000, spareMs: 5_000 };

/** What an event makes of a circuit. */
export function stepCircuit(now: CircuitStanding, event: CircuitEvent, at: Instant, random: () => number): CircuitStanding {
  switch (event.kind) {
    case 'worked':
      return { state: 'closed', failures: 0 };
    case 'asked':
      return mayPass(now, at) === 'probe' ? { state: 'half-open', failures: now.failures, until: later(at, circuitPolicy.probeMs) } : now;
    case 'failed': {
      const failures = now.failures + 1;
      // A call that was under way when it opened tells nothing new.
      if (now.state === 'open' && now.until > at) return { ...now, failures };
      if (now.state === 'closed' && failures < circuitPolicy.failures) return { state: 'closed', failures };
      return { state: 'open', failures, until: later(at, openForMs(failures, event.askedMs, random)) };
    }
  }
}

/** Whether something may go to the connection now: freely, as a probe (the rest waits for what comes of it), or not. */
export function mayPass(now: CircuitStanding, at: Instant): 'pass' | 'probe' | 'wait' {
  if (now.state === 'closed') return 'pass';
  return now.until <= at ? 'probe' : 'wait';
}

function openForMs(failures: number, askedMs: number, random: () => number): number {
  const { leastMs, baseMs, capMs } = circuitPolicy;
  const attempt = Math.max(1, failures - circuitPolicy.failures + 1);
  return Math.max(leastMs, askedMs + jitteredDelayMs({ baseMs, capMs, attempt, random }));
}

function later(instant: Instant, ms: number): Instant {
  return instantOf(epochMs(instant) + ms);
}
