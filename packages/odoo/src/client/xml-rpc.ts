import { type Http } from '@quartermaster/connector-kit';
import OdooAwait from 'odoo-await';
import { z } from 'zod';
import { odooFault } from './exceptions.ts';
import { majorVersion, type Credentials } from './json-rpc.ts';
import { timeoutsMs } from './limits.ts';

/**
 * Lets odoo-await, the XML-RPC client, answer in the place of `fetch`: a JSON-RPC request goes in, a JSON-RPC reply comes out. So XML-RPC gets the timeouts, repeats, faults
 * and events of the one pipeline, and odoo-await's own weaknesses stay in here: it changes the arguments it is given and puts the password among them (so it gets a copy), its
 * errors carry tracebacks (so only the exception's name and text leave), it never times out (the pipeline's signal does), and it takes the missing result of a method that
 * did its work for an error.
 */
export function odooAwaitFetch(given: Credentials): typeof fetch {
  const url = new URL(given.url);
  if (url.pathname !== '/')
    throw odooFault('misconfigured', 'connect', 'XML-RPC reaches no Odoo below a path', { advice: 'Use JSON-RPC.' });
  const client = new OdooAwait({ baseUrl: url.origin, db: given.database, username: given.login, password: given.secret });
  let connected: Promise<number> | undefined;

  async function authenticate(): Promise<number | false> {
    try {
      return await (connected ??= client.connect());
    } catch (error) {
      connected = undefined;
      // Wrong credentials are rejected with a text, everything else with an Error.
      if (typeof error === 'string') return false;
      throw error;
    }
  }

  async function answer(body: string): Promise<Record<string, unknown>> {
    const { method, args } = requestSchema.parse(JSON.parse(body)).params;
    try {
      if (method === 'authenticate') return { result: await authenticate() };
      await (connected ??= client.connect());
      const [, , , model, name, ...rest] = args;
      return { result: await client.execute_kw(z.string().parse(model), z.string().parse(name), rest) };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  return async (_input, init) => {
    const text = z.string().parse(init?.body);
    const body = await Promise.race([answer(text), aborted(init?.signal ?? undefined)]);
    return Response.json({ jsonrpc: '2.0', id: 1, ...body });
  };
}

/** Major version by `common.version`; odoo-await has no call for it. */
export async function xmlRpcVersion(http: Http, url: string): Promise<number> {
  const reply = await http({
    operation: 'common.version',
    method: 'POST',
    url: `${url}/xmlrpc/2/common`,
    headers: { 'content-type': 'text/xml' },
    body: '<?xml version="1.0"?><methodCall><methodName>version</methodName><params/></methodCall>',
    repeat: 'always',
    timeoutMs: timeoutsMs.read,
  });
  const version = /<name>server_version<\/name>\s*<value><string>((?:saas~)?\d+)/.exec(reply.text)?.[1];
  if (version !== undefined) return majorVersion(version);
  throw odooFault('misconfigured', 'connect', `what answers at ${new URL(url).origin} is no Odoo`, { advice: 'Check `url`.' });
}

const requestSchema = z.object({ params: z.object({ method: z.string(), args: z.array(z.unknown()) }) });
const faultSchema = z.object({ faultCode: z.union([z.int(), z.string()]), faultString: z.string() });

/** A fault as the exception that it stands for. XML-RPC tells UserError, ValidationError and MissingError not apart. Errors that are no faults go on as they are. */
function outcomeOf(error: unknown): Record<string, unknown> {
  const fault = faultSchema.safeParse(error);
  if (!fault.success) throw withoutParameters(error);
  const { faultCode, faultString } = fault.data;
  const lines = faultString.trim().split('\n');
  const last = lines.at(-1) ?? '';
  if (/cannot marshal None/.test(last)) return { result: null };
  const raised = /^([\w.]+): (.*)$/.exec(last);
  const pythonName = raised?.[1] ?? 'Exception';
  const exception =
    String(faultCode) === '1'
      ? { name: pythonName.includes('.') ? pythonName : `builtins.${pythonName}`, message: raised?.[2] ?? '' }
      : { name: exceptionOfCode[String(faultCode)] ?? 'Exception', message: faultString };
  return { error: { code: 0, message: 'Odoo Server Error', data: exception } };
}

const exceptionOfCode: Readonly<Record<string, string>> = {
  '2': 'odoo.exceptions.UserError',
  '3': 'odoo.exceptions.AccessDenied',
  '4': 'odoo.exceptions.AccessError',
};

/** The system error's code is what the pipeline needs to know; the rest of odoo-await's error may hold the request. */
function withoutParameters(error: unknown): Error {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const plain = new Error(code === undefined ? 'no XML-RPC answer' : `connection failed: ${code}`);
  return code === undefined ? plain : Object.assign(plain, { code });
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
