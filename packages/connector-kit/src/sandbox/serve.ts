import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { DroppedConnection, type SandboxApp } from './app.ts';

/** A sandbox that is served: its origin, such as `http://127.0.0.1:40123`. */
export type ServedApp = { readonly url: string; readonly close: () => Promise<void> };

const loopback = '127.0.0.1';

/**
 * Serves a sandbox on a port of the loopback interface, a free one by default, for clients that open sockets of their own. A dropped connection is dropped on the wire: the socket is
 * destroyed without an answer. An app that fails otherwise is answered with 500 and its error. Rejects when the port is taken. Bodies are texts.
 */
export async function serveApp(app: SandboxApp, port = 0): Promise<ServedApp> {
  const server = createServer((incoming, outgoing) => void answer(app, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox server has no port');
  return {
    url: `http://${loopback}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(app: SandboxApp, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const body = await text(incoming);
    const response = await app(requestOf(incoming, body));
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie').flat();
    for (const cookie of response.headers.getSetCookie()) headers.push('set-cookie', cookie);
    outgoing.writeHead(response.status, headers);
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    if (error instanceof DroppedConnection || outgoing.headersSent) incoming.socket.destroy();
    else outgoing.writeHead(500).end(`the sandbox failed: ${String(error)}`);
  }
}

function requestOf({ url = '/', method = 'GET', headers: given }: IncomingMessage, body: string): Request {
  const headers = Object.entries(given).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values ?? '']).map((value): [string, string] => [name, value]),
  );
  const address = new URL(url, `http://${given.host ?? loopback}`);
  return new Request(address, { method, headers, ...(method === 'GET' || method === 'HEAD' ? {} : { body }) });
}
