import { z } from 'zod';
import type { Transport } from './client.ts';
import { jsonOf, malformed, type Connection, type Reader } from './connection.ts';
import { faultOfException, odooFault } from './exceptions.ts';
import { refuseUnsendable } from './sendable.ts';
import { exceptionSchema } from './wire.ts';

/** Opens JSON-2 (Odoo 19 and later): the API key is the whole login, so the first call asks who we are. Throws `unauthorized` for a wrong key. */
export async function json2Transport(connection: Connection): Promise<{ transport: Transport; uid: number }> {
  const headers = {
    'content-type': 'application/json',
    authorization: `bearer ${connection.secret}`,
    'x-odoo-database': connection.database,
  };
  let isOpen = false;
  const transport: Transport = {
    name: 'json-2',
    async call(call) {
      refuseUnsendable(call, 'json');
      const operation = `${call.model}.${call.method}`;
      return connection.ask(
        {
          operation,
          method: 'POST',
          url: `${connection.url}/json/2/${encodeURIComponent(call.model)}/${encodeURIComponent(call.method)}`,
          headers,
          // Always an object: an array would be taken for no arguments at all.
          body: () => JSON.stringify({ ...(call.ids === undefined ? {} : { ids: call.ids }), ...call.args, context: call.context ?? {} }),
          repeat: call.repeat,
          timeoutMs: connection.timeoutOf(call),
          signal: call.signal,
        },
        json2Reader(operation, call.timeout === 'read' ? 'not-applied' : 'unknown', isOpen),
      );
    },
  };
  const { value } = await transport.call({ model: 'res.users', method: 'context_get', repeat: 'always', timeout: 'read' });
  const who = z.object({ uid: z.int().positive() }).safeParse(value);
  if (!who.success) throw odooFault('malformed-reply', 'connect', 'the server does not say who we are');
  isOpen = true;
  return { transport, uid: who.data.uid };
}

/**
 * An exception is the body of a reply with an error status, and its transaction was rolled back whatever the status. A page "not found" comes from a wrong address or database; but once
 * the connection was open it says that PostgreSQL takes no more connections at the moment, because Odoo then finds no database either (measured on 19).
 */
function json2Reader(operation: string, outcome: 'not-applied' | 'unknown', isOpen: boolean): Reader<unknown> {
  return (reply) => {
    const json = (reply.headers['content-type'] ?? '').includes('json') ? jsonOf(reply.text) : undefined;
    if (reply.status >= 200 && reply.status < 300) return json === undefined ? malformed(reply, operation, outcome) : { value: json };
    const exception = exceptionSchema.safeParse(json);
    if (reply.status >= 400 && exception.success) return faultOfException(exception.data, operation, reply.status);
    if (reply.status !== 404) return undefined;
    return odooFault(isOpen ? 'server-error' : 'misconfigured', operation, 'the server answers with a page instead of data', {
      status: reply.status,
      retry: { kind: isOpen ? 'safely' : 'never' },
      advice: isOpen
        ? 'The server does not find its database any more: it may be overloaded, or the database was renamed or removed.'
        : 'Check `url` and `database`: a database that the server does not have is answered like this.',
    });
  };
}
