import { instantOf, type Clock } from '@quartermaster/domain';
import { unlessAborted } from '../unless-aborted.ts';

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
    request.signal.throwIfAborted();
    const app = apps[new URL(request.url).origin];
    if (app === undefined) throw systemError('ECONNREFUSED');
    try {
      return await unlessAborted(app(request), request.signal);
    } catch (error) {
      if (error instanceof DroppedConnection) throw systemError('ECONNRESET');
      throw error;
    }
  };
}

/** A clock that stands still until somebody sleeps or moves it: time passes at once. Throws a `RangeError` for a start that is no time. */
export function virtualClock(start: string): Clock & { advanceTo(instant: string): void } {
  let now = millisecondsOf(start);
  return {
    now: () => instantOf(now),
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      if (!Number.isFinite(ms)) return Promise.reject(new RangeError(`not a time to sleep: ${ms}`));
      now += Math.max(0, Math.ceil(ms));
      return Promise.resolve();
    },
    advanceTo(instant) {
      now = Math.max(now, millisecondsOf(instant));
    },
  };
}

function millisecondsOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`not a time: ${JSON.stringify(text)}`);
  return ms;
}

function systemError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
