import { isFault } from '@quartermaster/domain';
import * as fc from 'fast-check';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OdooCall, Transport } from './client.ts';
import { json2Transport } from './json-2.ts';
import { jsonRpcTransport } from './json-rpc.ts';
import { odooAwaitFetch } from './xml-rpc.ts';
import { credentials, origin, recording, replay, testConnection } from '../testing/recording.ts';

// What must never be in an error, whatever the server, a module of it, or something in front of it says.
const secret = 'PASSWORD';
const paths = [
  '/opt/odoo/addons/sale/models/sale_order.py',
  '/etc/odoo/odoo.conf',
  'C:\\Program Files\\Odoo\\server\\odoo-bin',
  'odoo/addons/stock/models/stock_move.py',
];
const connections = ['postgresql://odoo:s3cr3t@db.internal:5432/shop', "dbname=shop user='odoo' password=s3cr3t host=db.internal"];
const traceback = `Traceback (most recent call last):\n  File "${paths[0]}", line 5, in create\n    raise s3cr3t`;
const forbidden = [secret, 's3cr3t', 'Traceback', 'db.internal', ...paths];

const piece = fc.oneof(
  fc.constantFrom(...paths, ...connections, traceback, secret, encodeURIComponent(secret), 'DETAIL:  Key (email)=(s3cr3t) already exists.'),
  fc.constantFrom('WH/OUT/00012', 'The order is locked.', 'kg/m³', '<b>', '"', '\n'),
  fc.string({ maxLength: 12 }).filter((text) => !/s3cr3t/i.test(text)),
);
const message = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(' '));
const name = fc.constantFrom(
  'odoo.exceptions.UserError',
  'odoo.exceptions.ValidationError',
  'odoo.exceptions.AccessError',
  'builtins.ValueError',
  'psycopg2.errors.DataError',
  'odoo.addons.x.SomeError',
  secret,
  paths[0] ?? '',
  '',
);
const odd = fc.record({ name, message, status: fc.constantFrom(400, 404, 422, 500) });

const call: OdooCall = { model: 'sale.order', method: 'write', ids: [7], args: { vals: {} }, repeat: 'never', timeout: 'write' };

beforeAll(() => nock.disableNetConnect());
afterAll(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const ways = {
  'json-2': {
    async open() {
      nock(origin).post('/json/2/res.users/context_get').reply(200, { uid: 2 });
      return (await json2Transport(testConnection())).transport;
    },
    answer: (given: { name: string; message: string; status: number }) =>
      nock(origin)
        .post('/json/2/sale.order/write')
        .reply(given.status, { name: given.name, message: given.message, debug: traceback, arguments: [secret], context: {} }),
  },
  'json-rpc': {
    async open() {
      replay(recording(19, 'jsonrpc-authenticate'));
      return (await jsonRpcTransport(testConnection())).transport;
    },
    answer: (given: { name: string; message: string }) =>
      nock(origin)
        .post('/jsonrpc')
        .reply(200, { jsonrpc: '2.0', id: 1, error: { code: 200, message: given.message, data: { ...given, debug: traceback } } }),
  },
  'xml-rpc': {
    async open() {
      replay(recording(17, 'xmlrpc-authenticate'));
      return (await jsonRpcTransport(testConnection({ fetch: odooAwaitFetch(credentials) }), 'xml-rpc')).transport;
    },
    answer(given: { name: string; message: string; status: number }) {
      const code = { 400: 1, 404: 2, 422: 4 }[given.status] ?? 3;
      const text = code === 1 ? `${traceback}\n${given.name}: ${given.message}\n` : given.message;
      const fault = `<struct><member><name>faultCode</name><value><int>${code}</int></value></member><member><name>faultString</name><value><string>${escaped(text)}</string></value></member></struct>`;
      nock(origin)
        .post('/xmlrpc/2/object')
        .reply(200, `<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value>${fault}</value>\n</fault>\n</methodResponse>\n`);
    },
  },
} as const;

/** All that can be read of an error. */
function everythingOf(error: unknown): string {
  if (!isFault(error)) return `no fault: ${String(error)}`;
  return [JSON.stringify(error), error.message, String(error.facts.cause)].join('\n');
}

describe.each(Object.entries(ways))('by %s', (_name, way) => {
  let transport: Transport;
  beforeAll(async () => {
    transport = await way.open();
  });

  test('no error tells a secret, a traceback or a path of the server, whatever the exception says', async () => {
    await fc.assert(
      fc.asyncProperty(odd, async (given) => {
        nock.cleanAll();
        way.answer({ ...given, message: withoutControls(given.message) });
        const error: unknown = await transport.call(call).then(
          () => 'answered',
          (thrown: unknown) => thrown,
        );
        const text = everythingOf(error);
        expect(isFault(error)).toBe(true);
        expect(forbidden.filter((part) => text.includes(part) || text.includes(JSON.stringify(part).slice(1, -1)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** XML cannot carry them, and Odoo leaves them out. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, '').replaceAll(/\p{Surrogate}/gu, '');
}
