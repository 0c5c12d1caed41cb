import { describe, expect, test } from 'vitest';
import { createOdooSandbox } from '../odoo-sandbox.ts';
import { recording } from '../../testing/recording.ts';

const who = { database: 'odoo', login: 'admin', secret: 'PASSWORD', currency: 'EUR' };
const url = 'http://odoo.test/xmlrpc/2';

function sandboxOf(version: 17 | 19): (service: string, body: string) => Promise<string> {
  const { app } = createOdooSandbox({ version, ...who });
  return async (service, body) =>
    (await app(new Request(`${url}/${service}`, { method: 'POST', headers: { 'content-type': 'text/xml' }, body }))).text();
}

const value = (inner: string) => `<value>${inner}</value>`;
const array = (...inner: readonly string[]) => `<array><data>${inner.map(value).join('')}</data></array>`;
const text = (inner: string) => `<string>${inner}</string>`;

function execute(model: string, method: string, ...args: readonly string[]): string {
  const params = [text('odoo'), '<int>2</int>', text('PASSWORD'), text(model), text(method), ...args].map(
    (each) => `<param>${value(each)}</param>`,
  );
  return `<?xml version="1.0"?><methodCall><methodName>execute_kw</methodName><params>${params.join('')}</params></methodCall>`;
}

describe.each([17, 19] as const)('the sandbox of Odoo %i answers to the letter what was recorded of the real one:', (version) => {
  test.each(['xmlrpc-version', 'xmlrpc-authenticate', 'xmlrpc-authenticate-bad', 'xmlrpc-fault-access-denied', 'xmlrpc-fault-private'])(
    '%s',
    async (name) => {
      const { request, response } = recording(version, name);
      expect(await sandboxOf(version)(request.path.split('/').at(-1) ?? '', String(request.body))).toBe(response.body);
    },
  );
});

test('a bad field is a fault with a traceback, whose last line says what is wrong', async () => {
  const domain = array(array(array(text('nofield'), text('='), '<int>1</int>')));
  const answer = await sandboxOf(17)('object', execute('sale.order', 'search_read', domain));
  expect(answer).toContain('<name>faultCode</name>\n<value><int>1</int></value>');
  expect(answer).toContain("ValueError: Invalid field sale.order.nofield in leaf ('nofield', '=', 1)\n</string>");
});

test('what is written comes back: entities, CDATA, line ends, umlauts and emoji', async () => {
  const ask = sandboxOf(19);
  const struct = (inner: string) => `<struct><member><name>name</name>${value(inner)}</member></struct>`;
  const name = `<string><![CDATA[a <b> & ]]]]><![CDATA[> ]]>é &#xD;&#10; &gt; 🙂</string>`;
  await ask('object', execute('res.partner', 'create', array(array(struct(name)))));
  const fields = array(text('name'));
  const answer = await ask(
    'object',
    execute('res.partner', 'search_read', array(array(array(text('name'), text('like'), text('é'))), fields)),
  );
  expect(answer).toContain('<string>a &lt;b&gt; &amp; ]]&gt; é \r\n &gt; 🙂</string>');
});

test('a method without a result has done its work and faults all the same', async () => {
  const sandbox = createOdooSandbox({ version: 17, ...who });
  sandbox.addWarehouse({ code: 'EAST', name: 'East' });
  sandbox.addProduct({ sku: 'LAMP', name: 'Lamp', grams: 450, millilitres: 1800, kind: 'storable' });
  sandbox.setStock({ sku: 'LAMP', node: 'EAST', units: 7 });
  const ask = async (body: string) => (await sandbox.app(new Request(`${url}/object`, { method: 'POST', body }))).text();
  const found = await ask(execute('stock.quant', 'search', array(array(array(text('quantity'), text('='), '<int>7</int>')))));
  const ids = array(array(`<int>${/<int>(\d+)<\/int>/.exec(found)?.[1]}</int>`));
  const [, id = ''] = /<data>(.*)<\/data>/.exec(ids) ?? [];
  const count = `<struct><member><name>inventory_quantity</name>${value('<int>9</int>')}</member></struct>`;
  await ask(execute('stock.quant', 'write', `<array><data>${id}${value(count)}</data></array>`));
  expect(await ask(execute('stock.quant', 'action_apply_inventory', ids))).toContain(
    'TypeError: cannot marshal None unless allow_none is enabled',
  );
  expect(sandbox.snapshot().quants).toMatchObject([{ sku: 'LAMP', quantity: 9 }]);
});

test.each(['no XML', '<methodCall><methodName>version', ''])('%j is not well-formed', async (body) => {
  expect(await sandboxOf(17)('common', body)).toContain('ExpatError');
});
