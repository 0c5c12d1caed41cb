import { serve } from '@hono/node-server';
import { CommandError, exitCodes } from '../exit.ts';

export type Listener = { readonly url: string; close(): Promise<void> };

/** Serves an app on an address of its own. Throws a `CommandError` that says why it cannot listen; `what` is its name for people. */
export async function listen(
  what: string,
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port, overrideGlobalObjects: false }, (bound) => {
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({
        url: `http://${name}:${bound.port}/`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            // A caller that keeps its connection open does not keep the daemon from stopping.
            if ('closeIdleConnections' in server) server.closeIdleConnections();
          }),
      });
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? `port ${port} is taken` : `it cannot listen (${error.code ?? 'unknown cause'})`;
      reject(new CommandError(exitCodes.usage, `${what}: ${why}; choose another address in the config.`));
    });
  });
}
