import { serveApp, type SandboxApp, type ServedApp } from '@quartermaster/connector-kit/sandbox';
import { isFault, type ConnectorFault } from '@quartermaster/domain';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { HttpEvent } from '@quartermaster/connector-kit';
import { createOdooSandbox } from '../sandbox/index.ts';
import { connectOdoo, type OdooCall, type OdooClient, type OdooOptions, type TransportName } from './client.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

const who = { database: 'shop', login: 'qm', secret: '0123456789abcdef0123456789abcdef01234567' };

/** A served sandbox; `around` may answer in its place. */
async function given(version: 17 | 18 | 19, around: (app: SandboxApp) => SandboxApp = (app) => app): Promise<ServedApp> {
  const sandbox = createOdooSandbox({ version, ...who, currency: 'EUR' });
  const served = await serveApp(around(sandbox.app));
  opened.push(served);
  return served;
}

function optionsFor({ url }: { readonly url: string }, more: Partial<OdooOptions> = {}): OdooOptions {
  return { url, database: who.database, login: who.login, secret: { apiKey: who.secret }, random: () => 0, ...more };
}

const ways = [
  ['json-2', 19],
  ['json-rpc', 17],
  ['xml-rpc', 17],
] as const satisfies readonly [TransportName, 17 | 19][];

const read: OdooCall = { model: 'res.users', method: 'search_count', args: { domain: [] }, repeat: 'always', timeout: 'read' };
const write: OdooCall = { model: 'res.partner', method: 'write', ids: [1], args: { vals: {} }, repeat: 'never', timeout: 'write' };

async function faultOf(promise: Promise<unknown>): Promise<ConnectorFault> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (isFault(error)) return error;
  throw new Error(`no fault: ${String(error)}`);
}

/** Once `hang` was called, nothing is answered any more. */
function hanging(): { readonly around: (app: SandboxApp) => SandboxApp; readonly hang: () => void } {
  let hangs = false;
  return {
    around: (app) => (request) => (hangs ? new Promise(() => undefined) : app(request)),
    hang: () => {
      hangs = true;
    },
  };
}

describe.each(ways)('by %s', (transport, version) => {
  const calls: readonly [string, (client: OdooClient, signal: AbortSignal) => Promise<unknown>][] = [
    ['call', (client, signal) => client.call({ ...read, signal }, z.unknown())],
    ['searchRead', (client, signal) => client.searchRead('res.users', { domain: [], fields: ['login'], signal }, z.unknown())],
    ['pages', (client, signal) => client.pages('res.users', { domain: [], fields: [], signal }, z.object({ id: z.int() })).next()],
    ['load', (client, signal) => client.load('res.partner', ['id'], [['a.b']], 'never', {}, { signal })],
    ['create', (client, signal) => client.create('res.partner', [{}], {}, { signal })],
    ['write', (client, signal) => client.write('res.partner', [1], {}, {}, { signal })],
    ['act', (client, signal) => client.act('res.partner', 'unlink', [1], { signal })],
    ['knownFields', (client, signal) => client.knownFields('res.partner', ['name'], { signal })],
  ];

  test.each(calls)('who gives up %s is told at once, with the own reason', async (_name, call) => {
    const { around, hang } = hanging();
    const client = await connectOdoo(optionsFor(await given(version, around), { transport }));
    hang();
    const givingUp = new AbortController();
    const ended = call(client, givingUp.signal);
    givingUp.abort(new Error('shutting down'));
    await expect(ended).rejects.toThrow('shutting down');
  });

  test.each([
    ['the time of its class', { timeoutsMs: { write: 40 } }, {}],
    ['a time of its own', {}, { timeoutMs: 40 }],
  ])('a write that takes longer than %s may have been done', async (_what, options, more) => {
    const { around, hang } = hanging();
    const client = await connectOdoo(optionsFor(await given(version, around), { transport, ...options }));
    hang();
    await expect(faultOf(client.call({ ...write, ...more }, z.unknown()))).resolves.toMatchObject({
      code: 'timeout',
      facts: { outcome: 'unknown' },
    });
  });

  test('every request carries its id, in the header, the event and the fault', async () => {
    const seen: (string | null)[] = [];
    const events: HttpEvent[] = [];
    const served = await given(version, (app) => (request) => {
      seen.push(request.headers.get('x-request-id'));
      return app(request);
    });
    const client = await connectOdoo(optionsFor(served, { transport, onEvent: (event) => events.push(event) }));
    const fault = await faultOf(client.call({ ...read, model: 'no.model' }, z.unknown()));
    expect(events.map(({ requestId }) => requestId)).toEqual(seen);
    expect([new Set(seen).size, fault.facts.requestId]).toEqual([seen.length, seen.at(-1)]);
  });

  test.each([
    [{ lang: 'xx_XX' }, 'the language "xx_XX" is not installed; there are en_US'],
    [{ companyId: 7 }, 'there is no company 7 that this user may work in; there are 1'],
  ])('%o is a mistake of the configuration', async (option, message) => {
    const connecting = connectOdoo(optionsFor(await given(version), { transport, ...option }));
    await expect(faultOf(connecting)).resolves.toMatchObject({ code: 'misconfigured', facts: { message } });
  });

  test('a whole number that no row has, NaN or a Date is refused before it is sent, and named', async () => {
    const events: HttpEvent[] = [];
    const client = await connectOdoo(optionsFor(await given(version), { transport, onEvent: (event) => events.push(event) }));
    const before = events.length;
    const values = { name: 'Jo', child_ids: [[0, 0, { color: Number.NaN }]] };
    await expect(faultOf(client.create('res.partner', [values]))).resolves.toMatchObject({
      code: 'invalid-request',
      facts: { message: 'vals_list.0.child_ids.0.2.color is NaN, which is no number for Odoo', outcome: 'not-applied' },
    });
    expect(events.length).toBe(before);
  });
});

test.each(ways)('the context of a call by %s has UTC, the company and the language, and what the call adds', async (transport, version) => {
  const bodies: string[] = [];
  const served = await given(version, (app) => async (request) => {
    bodies.push(await request.clone().text());
    return app(request);
  });
  const client = await connectOdoo(optionsFor(served, { transport, lang: 'en_US' }));
  await client.call({ ...read, context: { active_test: false, tz: 'Europe/Brussels' } }, z.int());
  const body = bodies.at(-1) ?? '';
  const contains = ['active_test', 'en_US', 'allowed_company_ids', 'UTC', 'Brussels'].map((part) => body.includes(part));
  expect(contains).toEqual([true, true, true, true, false]);
});

test('the open connection says by which transport it speaks, and why', async () => {
  const told: unknown[] = [];
  const client = await connectOdoo(optionsFor(await given(18), { onConnect: (connected) => told.push(connected) }));
  expect(client.transport).toEqual({ name: 'json-rpc', reason: 'Odoo 18 has no JSON-2' });
  expect(told).toEqual([{ version: 18, transport: client.transport }]);
});

test('a key of another login is refused by JSON-2 as by the other protocols', async () => {
  const served = await given(19);
  const codes = await Promise.all(
    (['json-2', 'json-rpc', 'xml-rpc'] as const).map(
      async (transport) => (await faultOf(connectOdoo(optionsFor(served, { transport, login: 'jo' })))).code,
    ),
  );
  expect(codes).toEqual(['unauthorized', 'unauthorized', 'unauthorized']);
});

test('pages end between two of them when their reader gives up', async () => {
  const client = await connectOdoo(optionsFor(await given(17)));
  const givingUp = new AbortController();
  const row = z.object({ id: z.int() });
  const pages = client.pages('res.country', { domain: [], fields: [], pageSize: 10, signal: givingUp.signal }, row);
  await expect(pages.next()).resolves.toMatchObject({ done: false });
  givingUp.abort(new Error('enough'));
  await expect(pages.next()).rejects.toThrow('enough');
});

test('an answer of another shape names the request', async () => {
  const client = await connectOdoo(optionsFor(await given(17)));
  const fault = await faultOf(client.call(read, z.string()));
  expect(fault).toMatchObject({
    code: 'malformed-reply',
    facts: { outcome: 'not-applied', requestId: expect.stringMatching(/^qm-000000-\d+$/) },
  });
});

describe('connections', () => {
  /** A server that counts the sockets that clients open to a sandbox behind it. */
  async function counting(served: ServedApp): Promise<{ url: string; sockets: () => number }> {
    const { port } = new URL(served.url);
    let sockets = 0;
    const server: Server = createServer((socket: Socket) => {
      sockets += 1;
      const behind = connect(Number(port), '127.0.0.1');
      socket.pipe(behind).pipe(socket);
      for (const each of [socket, behind]) each.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({
      close: () => {
        server.close();
        return Promise.resolve();
      },
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { url: `http://127.0.0.1:${address.port}`, sockets: () => sockets };
  }

  test.each(ways)('by %s calls that follow one another share a socket, where the server keeps it open', async (transport, version) => {
    const { url, sockets } = await counting(await given(version));
    const client = await connectOdoo(optionsFor({ url }, { transport }));
    const before = sockets();
    for (const _again of [1, 2, 3]) await client.call(read, z.int());
    // So does odoo-await: that an Odoo without workers closes every connection is the server's doing.
    expect(sockets() - before).toBe(0);
  });
});
