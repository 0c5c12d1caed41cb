import OdooAwait from 'odoo-await';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { odooFault } from './exceptions.ts';

/**
 * Lets odoo-await, the XML-RPC client, answer in the place of `fetch`: a JSON-RPC request goes in, a JSON-RPC reply comes out. So XML-RPC gets the timeouts, repeats, faults and events
 * of the one pipeline, and odoo-await's own weaknesses stay in here: it changes the arguments it is given and puts the password among them (so it gets a copy), its errors carry
 * tracebacks (so only the exception's name and text leave), it drops the HTTP status (so that is taken from its error), it neither ends in time nor can be ended (so its request gets the
 * pipeline's signal), and it takes the missing result of a method that did its work for an error. Throws `misconfigured` for an Odoo below a path, which it would not find.
 */
export function odooAwaitFetch(given: Pick<Connection, 'url' | 'database' | 'login' | 'secret'>): typeof fetch {
  const url = new URL(given.url);
  if (url.pathname !== '/')
    throw odooFault('misconfigured', 'connect', 'XML-RPC reaches no Odoo below a path', { advice: 'Use JSON-RPC.' });

  return async (_input, init) => {
    const { id, params } = requestSchema.parse(JSON.parse(z.string().parse(init?.body)));
    const client = new OdooAwait({ baseUrl: url.origin, db: given.database, username: given.login, password: given.secret });
    const ofClient = client.createClientOptions.bind(client);
    const headers = Object.fromEntries([...new Headers(init?.headers)].filter(([name]) => name === 'x-request-id'));
    // What it hands on to `http.request`; one client per request, because that is the only way to give each its own signal.
    const request = { headers, ...(init?.signal == null ? {} : { signal: init.signal }) };
    Object.assign(client, { createClientOptions: (path: string) => ({ ...ofClient(path), ...request, headers: { ...headers } }) });
    const reply = (body: object) => Response.json({ jsonrpc: '2.0', id, ...body });
    try {
      if (params.method === 'authenticate') return reply({ result: await authenticate(client) });
      const [, user, , model, name, ...rest] = params.args;
      Object.assign(client, { uid: user });
      const result: unknown = await client.execute_kw(z.string().parse(model), z.string().parse(name), rest);
      // Nothing is never an answer: None is a fault, so this one was cut off.
      return result === undefined ? new Response(noXmlRpc) : reply({ result });
    } catch (error) {
      init?.signal?.throwIfAborted();
      const exception = exceptionOf(error);
      if (exception === 'no result') return reply({ result: null });
      if (exception !== undefined) return reply({ error: { code: 0, message: 'Odoo Server Error', data: exception } });
      return pageOf(error);
    }
  };
}

/** Wrong credentials are rejected with a text, everything else with an Error. */
async function authenticate(client: OdooAwait): Promise<unknown> {
  try {
    return await client.connect();
  } catch (error) {
    if (typeof error === 'string') return false;
    throw error;
  }
}

const noXmlRpc = 'this was no XML-RPC';

const requestSchema = z.object({ id: z.unknown().optional(), params: z.object({ method: z.string(), args: z.array(z.unknown()) }) });
const faultSchema = z.object({ faultCode: z.union([z.int(), z.string()]), faultString: z.string() });

/** The exception that a fault stands for, `no result` for the one that stands for None, undefined for an error that is no fault. */
function exceptionOf(error: unknown): { readonly name: string; readonly message: string } | 'no result' | undefined {
  const fault = faultSchema.safeParse(error);
  if (!fault.success) return undefined;
  const { faultCode, faultString } = fault.data;
  if (String(faultCode) === '2') return { name: refusalNamed(faultString), message: faultString };
  if (String(faultCode) !== '1') return { name: exceptionOfCode[String(faultCode)] ?? 'Exception', message: faultString };
  const exception = lastOfTraceback(faultString);
  const isNone = exception.name === 'builtins.TypeError' && exception.message === 'cannot marshal None unless allow_none is enabled';
  return isNone ? 'no result' : exception;
}

const exceptionOfCode: Readonly<Record<string, string>> = { '3': 'odoo.exceptions.AccessDenied', '4': 'odoo.exceptions.AccessError' };

/**
 * UserError, ValidationError and MissingError all have the code 2. Odoo's own sentences tell the last two apart as long as they are in English, which they are without a language in the
 * context; what is not known is a UserError, which says no more than that Odoo refuses.
 */
function refusalNamed(text: string): string {
  if (text.startsWith('Record does not exist or has been deleted.')) return 'odoo.exceptions.MissingError';
  if (text.startsWith('The operation cannot be completed:')) return 'odoo.exceptions.ValidationError';
  return 'odoo.exceptions.UserError';
}

/** The exception at the end of a traceback: the first line behind the last one that is indented, and what follows, because a text may have several lines. */
function lastOfTraceback(text: string): { readonly name: string; readonly message: string } {
  const header = 'Traceback (most recent call last):';
  const lines = text.slice(Math.max(0, text.lastIndexOf(header))).split('\n');
  const at = lines.findIndex((line, index) => !/^\s/.test(line) && line !== header && (index > 0 || lines.length === 1));
  const [, raised = 'Exception', message = ''] = /^([\w.]+)(?:: ([\s\S]*))?$/.exec(lines.slice(Math.max(0, at)).join('\n').trim()) ?? [];
  return { name: raised.includes('.') ? raised : `builtins.${raised}`, message: message.trim() };
}

/** What was answered instead of XML-RPC, with its status; its text may quote the request. A request that got no answer fails with the code of the system. */
function pageOf(error: unknown): Response {
  const answered = z.object({ statusCode: z.int().min(200).max(599), headers: z.record(z.string(), z.unknown()) });
  const res = answered.safeParse(typeof error === 'object' && error !== null && 'res' in error ? error.res : undefined);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) throw Object.assign(new Error(`connection failed: ${code}`), { code, syscall: syscallOf(error) });
  if (!res.success) throw new Error('no XML-RPC answer');
  const { statusCode, headers } = res.data;
  const kept = ['content-type', 'location', 'retry-after', 'x-request-id'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return new Response(statusCode === 204 || statusCode === 304 ? null : noXmlRpc, {
    status: statusCode,
    headers: Object.fromEntries(kept),
  });
}

function syscallOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : undefined;
}
