import type { Clock } from '@quartermaster/domain';

/** An emulated vendor: one request in, one response out. Serve it over HTTP, or hand it to a client as its `fetch` by {@link sandboxFetch}. */
export type SandboxApp = (request: Request) => Promise<Response>;

/** Thrown by a sandbox instead of an answer: the connection breaks. A server closes the socket; {@link sandboxFetch} rejects as a broken socket does. */
export class DroppedConnection extends Error {
  override readonly name = 'DroppedConnection';
}

/** A `fetch` that ends in sandboxes instead of the network: the app whose origin matches answers. Rejects like the real one when a connection drops or no app is there. */
export function sandboxFetch(apps: Readonly<Record<string, SandboxApp>>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const app = apps[new URL(request.url).origin];
    if (app === undefined) throw systemError('ECONNREFUSED');
    try {
      return await Promise.race([app(request), aborted(request.signal)]);
    } catch (error) {
      if (error instanceof DroppedConnection) throw systemError('ECONNRESET');
      throw error;
    }
  };
}

/** A clock that stands still until somebody sleeps or moves it: time passes at once. */
export function virtualClock(start: string): Clock & { advanceTo(instant: string): void } {
  let now = Date.parse(start);
  return {
    now: () => new Date(now).toISOString(),
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      now += Math.max(0, ms);
      return Promise.resolve();
    },
    advanceTo(instant) {
      now = Math.max(now, Date.parse(instant));
    },
  };
}

function systemError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
