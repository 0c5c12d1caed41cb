import { DroppedConnection, type SandboxApp } from './app.ts';

/**
 * What can go wrong with one call. `-before`: nothing was done. `-after`: the work was done and the answer is lost. A `hang` never answers, so the client's timeout ends it. A `malformed`
 * answer is a page of somebody in between, with status 200; a `truncated` one breaks off in the middle. `unauthorized`: the key is not taken any more.
 */
export type SandboxFault =
  | 'rate-limited'
  | 'unauthorized'
  | 'error-before'
  | 'error-after'
  | 'drop-before'
  | 'drop-after'
  | 'hang-before'
  | 'hang-after'
  | 'malformed-before'
  | 'malformed-after'
  | 'truncated-after';

/** Decides per call whether it goes wrong; `call` counts from 0. */
export type FaultPlan = (call: number, request: Request) => SandboxFault | null;

/** Lets calls go wrong by plan, on the way to any sandbox. */
export function withFaults(app: SandboxApp, plan: FaultPlan): SandboxApp {
  let calls = 0;
  return async (request) => {
    const fault = plan(calls++, request);
    switch (fault) {
      case null:
        return app(request);
      case 'rate-limited':
        return new Response('slow down', { status: 429, headers: { 'retry-after': '1' } });
      case 'unauthorized':
        return new Response('{"error":"unauthorized"}', { status: 401, headers: { 'content-type': 'application/json' } });
      case 'malformed-before':
        return strangePage();
      case 'malformed-after':
        await app(request);
        return strangePage();
      case 'truncated-after':
        return firstHalf(await app(request));
      case 'error-before':
        return new Response('bad gateway', { status: 502 });
      case 'error-after':
        await app(request);
        return new Response('gateway timeout', { status: 504 });
      case 'drop-before':
        throw new DroppedConnection('dropped before the work');
      case 'drop-after':
        await app(request);
        throw new DroppedConnection('dropped after the work');
      case 'hang-before':
        return new Promise(() => undefined);
      case 'hang-after':
        await app(request);
        return new Promise(() => undefined);
    }
  };
}

function strangePage(): Response {
  return new Response('<!doctype html><title>Please wait</title>', { status: 200, headers: { 'content-type': 'text/html' } });
}

async function firstHalf(response: Response): Promise<Response> {
  const { status } = response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(text.slice(0, Math.floor(text.length / 2)), { status, headers });
}

/** A share of all calls fails, half of them before the work and half after it, the same calls for the same seed. */
export function randomFaults(given: { readonly share: number; readonly seed: number }): FaultPlan {
  const random = seededRandom(given.seed);
  const before: readonly SandboxFault[] = ['rate-limited', 'error-before', 'drop-before'];
  const after: readonly SandboxFault[] = ['error-after', 'drop-after'];
  return () => {
    if (random() >= given.share) return null;
    const kinds = random() < 0.5 ? before : after;
    return kinds[Math.floor(random() * kinds.length)] ?? null;
  };
}

/** Random numbers from 0 to 1 that a seed decides (mulberry32). For play and tests, never for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
