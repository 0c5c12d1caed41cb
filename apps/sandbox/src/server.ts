import { serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { DroppedConnection, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Server } from 'node:http';
import { controlApp } from './control-app.ts';
import type { SandboxControl } from './control.ts';

/** What can be served: vendors by name, and the control of all of them. */
export type Servable = { readonly apps: Readonly<Record<string, SandboxApp>>; readonly control: SandboxControl };

export type ServedSandboxes = {
  /** Origins such as `http://127.0.0.1:40123` by the names of the apps. */
  readonly urls: Readonly<Record<string, string>>;
  readonly controlUrl: string;
  close(): Promise<void>;
};

/**
 * Serves each vendor, and the control, on a port of its own of the loopback interface. `ports` fixes ports by name (`control` is the control's); the others are free ones. A
 * dropped connection is dropped on the wire: the socket is destroyed without an answer. Rejects when a port is taken; nothing stays open then.
 */
export async function serveSandboxes(given: {
  readonly sandboxes: Servable;
  readonly ports?: Readonly<Record<string, number>>;
}): Promise<ServedSandboxes> {
  const apps = { ...given.sandboxes.apps, control: controlApp(given.sandboxes.control) };
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
  };
  try {
    const urls: Record<string, string> = {};
    for (const [name, app] of Object.entries(apps)) {
      const { server, port } = await listen(app, given.ports?.[name] ?? 0);
      servers.push(server);
      urls[name] = `http://${loopback}:${port}`;
    }
    const { control: controlUrl = '', ...vendors } = urls;
    return { urls: vendors, controlUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const loopback = '127.0.0.1';

function listen(app: SandboxApp, port: number): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: (request, { incoming }) => answer(app, request, incoming),
      hostname: loopback,
      port,
      overrideGlobalObjects: false,
    });
    server.once('error', reject);
    server.once('listening', () => {
      const address = server.address();
      if (address === null || typeof address === 'string' || !isHttpServer(server)) reject(new Error('the sandbox server has no port'));
      else resolve({ server, port: address.port });
    });
  });
}

async function answer(app: SandboxApp, request: Request, incoming: { readonly socket: { destroy(): unknown } }): Promise<Response> {
  try {
    return await app(request);
  } catch (error) {
    if (!(error instanceof DroppedConnection)) throw error;
    incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function isHttpServer(server: object): server is Server {
  return 'closeAllConnections' in server;
}
