import type { HttpReply } from '@quartermaster/connector-kit';
import { isFault, type ConnectorFault } from '@quartermaster/domain';
import type { OdooOptions, Transport, TransportName } from './client.ts';
import { jsonOf, type Connection, type Reader } from './connection.ts';
import { odooFault } from './exceptions.ts';
import { json2Transport } from './json-2.ts';
import { jsonRpcTransport, rpcReader } from './json-rpc.ts';
import { versionSchema, webVersionSchema } from './wire.ts';
import { odooAwaitFetch } from './xml-rpc.ts';

/** A transport that is open, why it was chosen, and who came in by it. */
export type Opened = { readonly version: number; readonly transport: Transport; readonly reason: string; readonly uid: number };

/** What was tried and what came back, for people: `JSON-RPC: HTTP 405`. */
type Tried = readonly string[];

/**
 * Opens the transport of the options. `auto` takes the best that the server lets through: JSON-2 from Odoo 19 on with an API key, else JSON-RPC, else XML-RPC; whatever a proxy
 * closes is passed over. Throws `misconfigured` with all that was tried when nothing is left, and at once what is no answer to "do you speak this": a server that is down, a wrong
 * key, a redirect to another address.
 */
export async function openOffered(connection: Connection, options: Pick<OdooOptions, 'transport' | 'secret'>): Promise<Opened> {
  const isKey = 'apiKey' in options.secret;
  switch (options.transport ?? 'auto') {
    case 'json-2':
      return openJson2(connection, isKey);
    case 'json-rpc':
      return open(connection, 'json-rpc', versionOf(connection, await jsonRpcVersion(connection)), asConfigured);
    case 'xml-rpc':
      return open(connection, 'xml-rpc', versionOf(connection, await xmlRpcVersion(connection)), asConfigured);
    case 'auto':
      return openBest(connection, isKey);
  }
}

const asConfigured = 'the configuration asks for it';

async function openBest(connection: Connection, isKey: boolean): Promise<Opened> {
  const page = await pageVersion(connection);
  const tried: string[] = [...page.tried];
  if (page.version !== undefined && page.version >= 19) {
    if (isKey) {
      const opened = await json2OrRefusal(connection, page.version, `Odoo ${page.version} offers it, and there is an API key`);
      if (typeof opened !== 'string') return opened;
      tried.push(`JSON-2: ${opened}`);
    } else {
      tried.push('JSON-2: takes an API key, and there is none');
    }
  }
  const rpc = await jsonRpcVersion(connection);
  if (rpc.version !== undefined) return open(connection, 'json-rpc', rpc.version, reasonOf(rpc.version, isKey, tried));
  tried.push(...rpc.tried);
  const xml = await xmlRpcVersion(connection);
  if (xml.version !== undefined) return open(connection, 'xml-rpc', xml.version, `nothing better gets through (${tried.join(', ')})`);
  throw nothingLeft(connection, [...tried, ...xml.tried], page.version, isKey);
}

function reasonOf(version: number, isKey: boolean, tried: Tried): string {
  if (version < 19) return `Odoo ${version} has no JSON-2`;
  return isKey ? `JSON-2 does not get through (${tried.join(', ')})` : 'JSON-2 takes an API key, and there is a password';
}

async function openJson2(connection: Connection, isKey: boolean): Promise<Opened> {
  const advice = 'Use the transport `auto`.';
  if (!isKey) throw odooFault('misconfigured', 'connect', 'JSON-2 takes an API key, not a password', { advice });
  const page = await pageVersion(connection);
  const { version, tried } = page.version === undefined ? await jsonRpcVersion(connection) : page;
  if (version === undefined) throw nothingLeft(connection, [...page.tried, ...tried], undefined, isKey);
  if (version < 19) throw odooFault('misconfigured', 'connect', `JSON-2 needs Odoo 19, this is ${version}`, { advice });
  return { version, ...(await json2Transport(connection)), reason: asConfigured };
}

async function json2OrRefusal(connection: Connection, version: number, reason: string): Promise<Opened | string> {
  try {
    return { version, ...(await json2Transport(connection)), reason };
  } catch (error) {
    if (!isFault(error) || !closesTheDoor(error)) throw error;
    return error.facts.status === undefined ? 'no answer of Odoo' : `HTTP ${error.facts.status}`;
  }
}

/** Whether a fault comes from something in front of Odoo that lets this protocol not through. Odoo itself answers with an exception. */
function closesTheDoor({ code, facts }: ConnectorFault): boolean {
  if (facts.vendorCode !== undefined) return false;
  if (code === 'misconfigured') return facts.status !== undefined;
  return ['unauthorized', 'forbidden', 'not-found', 'invalid-request', 'malformed-reply'].includes(code);
}

async function open(connection: Connection, name: Exclude<TransportName, 'json-2'>, version: number, reason: string): Promise<Opened> {
  const way = name === 'xml-rpc' ? connection.by(odooAwaitFetch(connection)) : connection;
  return { version, ...(await jsonRpcTransport(way, name)), reason };
}

type Probed = { readonly version?: number; readonly tried: Tried };

function versionOf(connection: Connection, { version, tried }: Probed): number {
  if (version === undefined) throw nothingLeft(connection, tried, undefined, false);
  return version;
}

/** Version by the page that Odoo has from 19 on, under two names, so that one of them passes a proxy that is open for JSON-2 alone. */
export async function pageVersion(connection: Connection): Promise<Probed> {
  const tried: string[] = [];
  for (const path of ['/web/version', '/json/version']) {
    const answer = await probe(connection, path, { method: 'GET' }, (reply) => {
      const parsed = webVersionSchema.safeParse(jsonOf(reply.text));
      return parsed.success ? majorVersion(parsed.data.version_info[0]) : undefined;
    });
    if (typeof answer === 'number') return { version: answer, tried: [] };
    tried.push(`${path}: ${answer}`);
  }
  return { tried };
}

/** Version by `common.version` of JSON-RPC, which needs no login. */
export async function jsonRpcVersion(connection: Connection): Promise<Probed> {
  const params = { service: 'common', method: 'version', args: [] };
  const body = (id: number) => JSON.stringify({ jsonrpc: '2.0', method: 'call', id, params });
  const answer = await probe(connection, '/jsonrpc', { method: 'POST', headers: { 'content-type': 'application/json' }, body }, (reply) => {
    const read = rpcReader('common.version', 'not-applied')(reply);
    const parsed = versionSchema.safeParse(read !== undefined && 'value' in read ? read.value : undefined);
    return parsed.success ? majorVersion(parsed.data.server_version_info[0]) : undefined;
  });
  return typeof answer === 'number' ? { version: answer, tried: [] } : { tried: [`JSON-RPC: ${answer}`] };
}

/** Version by `common.version` of XML-RPC; odoo-await has no call for it. */
export async function xmlRpcVersion(connection: Connection): Promise<Probed> {
  if (new URL(connection.url).pathname !== '/') return { tried: ['XML-RPC: reaches no Odoo below a path'] };
  const body = () => '<?xml version="1.0"?><methodCall><methodName>version</methodName><params/></methodCall>';
  const answer = await probe(connection, '/xmlrpc/2/common', { method: 'POST', headers: { 'content-type': 'text/xml' }, body }, (reply) => {
    const version = /<name>server_version<\/name>\s*<value><string>((?:saas~)?\d+)/.exec(reply.text)?.[1];
    return version === undefined ? undefined : majorVersion(version);
  });
  return typeof answer === 'number' ? { version: answer, tried: [] } : { tried: [`XML-RPC: ${answer}`] };
}

/** `19`, or `saas~19` of the hosted versions in between. */
export function majorVersion(first: number | string): number | undefined {
  const number = /^(?:saas~)?(\d+)/.exec(String(first))?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * Asks one address for the version: the version, or what came instead of it. A server that fails, is overloaded or sends elsewhere gives no answer to the question, so its fault is
 * thrown.
 */
async function probe(
  connection: Connection,
  path: string,
  request: { method: 'GET' | 'POST'; headers?: Record<string, string>; body?: (number: number) => string },
  version: (reply: HttpReply) => number | undefined,
): Promise<number | string> {
  const read: Reader<number | string> = (reply) => {
    const { status } = reply;
    if (status === 408 || status === 429 || (status >= 500 && status !== 501) || isElsewhere(reply, connection.url)) return undefined;
    return { value: (status === 200 ? version(reply) : undefined) ?? refusalOf(reply) };
  };
  const operation = `version by ${path}`;
  const timeoutMs = connection.timeoutOf({ timeout: 'read' });
  return (await connection.ask({ ...request, operation, url: `${connection.url}${path}`, repeat: 'always', timeoutMs }, read)).value;
}

function isElsewhere({ status, headers }: HttpReply, url: string): boolean {
  const { location } = headers;
  return (
    status >= 300 &&
    status < 400 &&
    location !== undefined &&
    URL.canParse(location, url) &&
    new URL(location, url).origin !== new URL(url).origin
  );
}

function refusalOf({ status, headers }: HttpReply): string {
  if (status !== 200) return `HTTP ${status}`;
  return (headers['content-type'] ?? '').includes('html') ? 'a page' : 'no answer of Odoo';
}

function nothingLeft(connection: Connection, tried: Tried, version: number | undefined, isKey: boolean): ConnectorFault {
  const { origin, pathname } = new URL(connection.url);
  const what =
    version === undefined
      ? `what answers at ${origin} is no Odoo, or a proxy hides it`
      : `Odoo ${version} at ${origin} lets no protocol through`;
  return odooFault('misconfigured', 'connect', `${what} (${tried.join(', ')})`, { advice: adviceOn(pathname, version, isKey) });
}

function adviceOn(pathname: string, version: number | undefined, isKey: boolean): string {
  if (/^\/(odoo|web)\b/.test(pathname))
    return 'Check `url`: it is the address of the server, mostly without the /odoo or /web that a browser shows.';
  if (version !== undefined && !isKey) return 'Use an API key, which opens JSON-2, or let /jsonrpc through.';
  if (version !== undefined)
    return 'Check `database`, which JSON-2 answers with 404 when it is not there, and what the proxy lets through.';
  return 'Check `url`, and that the proxy lets /json/2 (from Odoo 19 on), /jsonrpc or /xmlrpc/2 through.';
}
