import { parseReply, type Http, type HttpReply } from '@quartermaster/connector-kit';
import type { ConnectorFault } from '@quartermaster/domain';
import { z } from 'zod';
import type { Transport } from './client.ts';
import { faultOfException, odooFault } from './exceptions.ts';
import { majorVersion, type Credentials } from './json-rpc.ts';
import { timeoutsMs } from './limits.ts';
import { exceptionSchema, webVersionSchema } from './wire.ts';

/** Opens JSON-2 (Odoo 19 and later): the API key is the whole login, so the first call asks who we are. */
export async function json2Transport(http: Http, given: Credentials): Promise<{ transport: Transport; uid: number }> {
  const headers = { 'content-type': 'application/json', authorization: `bearer ${given.secret}`, 'x-odoo-database': given.database };
  const transport: Transport = {
    name: 'json-2',
    async call(call) {
      const operation = `${call.model}.${call.method}`;
      const reply = await http({
        operation,
        method: 'POST',
        url: `${given.url}/json/2/${encodeURIComponent(call.model)}/${encodeURIComponent(call.method)}`,
        headers,
        // Always an object: an array would be taken for no arguments at all.
        body: JSON.stringify({ ...(call.ids === undefined ? {} : { ids: call.ids }), ...call.args, context: call.context ?? {} }),
        repeat: call.repeat,
        timeoutMs: timeoutsMs[call.timeout],
        judge: (answer) => raised(answer, operation),
      });
      return parseReply(z.unknown(), reply, { connector: 'odoo', operation, outcome: call.timeout === 'read' ? 'not-applied' : 'unknown' });
    },
  };
  const who = z
    .object({ uid: z.int().positive() })
    .safeParse(await transport.call({ model: 'res.users', method: 'context_get', repeat: 'always', timeout: 'read' }));
  if (!who.success) throw odooFault('malformed-reply', 'connect', 'the server does not say who we are');
  return { transport, uid: who.data.uid };
}

/** Major version by `/web/version`, which Odoo has from 19 on; null from an older server. */
export async function webVersion(http: Http, url: string): Promise<number | null> {
  const reply = await http({
    operation: 'web.version',
    method: 'GET',
    url: `${url}/web/version`,
    repeat: 'always',
    timeoutMs: timeoutsMs.read,
    judge: ({ status }) => (status < 500 && status !== 429 ? 'fine' : undefined),
  });
  if (reply.status !== 200 || !(reply.headers['content-type'] ?? '').includes('json')) return null;
  const answer = parseReply(webVersionSchema, reply, { connector: 'odoo', operation: 'web.version', outcome: 'not-applied' });
  return majorVersion(answer.version_info[0]);
}

/** An exception is the body of a reply with an error status, and its transaction was rolled back whatever the status. A page of HTML comes from a wrong address or database. */
function raised(reply: HttpReply, operation: string): ConnectorFault | undefined {
  if (reply.status < 400) return undefined;
  if ((reply.headers['content-type'] ?? '').includes('json')) {
    const parsed = exceptionSchema.safeParse(JSON.parse(reply.text));
    return parsed.success ? faultOfException(parsed.data, operation, reply.status) : undefined;
  }
  if (reply.status !== 404) return undefined;
  return odooFault('misconfigured', operation, 'the server answers with a page instead of data', {
    advice: 'Check `url` and `database`: a database that the server does not have is answered like this.',
  });
}
