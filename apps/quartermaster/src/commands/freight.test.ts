import { settle } from '@quartermaster/flows';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../exit.ts';
import { qm } from '../testing/command-line.ts';
import { servedControl } from '../testing/served-control.ts';
import { openSmallBusiness } from '../testing/small-business.ts';
import { writeJournal } from './journal-reading.ts';

const specs = join(import.meta.dirname, '../../../../../shared/specs/freight_invoices');
const samples = { ups: join(specs, 'ups-sample-synthetic.csv'), fedex: join(specs, 'fedex-sample-synthetic.csv') };
const why = existsSync(samples.ups) ? '' : ' (skipped: the synthetic invoices are not in ../shared/specs/freight_invoices)';

const columns = {
  invoiceNumber: 'invoice',
  invoiceDay: 'day',
  invoiceTotal: 'total',
  trackingNumber: 'parcel',
  description: 'charge',
  amount: 'amount',
};
const freight = {
  fedexCurrency: 'USD',
  mappings: { rad: { carrier: 'rad', fixed: { account: '7', currency: 'EUR' }, columns } },
  bills: { vendors: { rad: 'RAD' }, accounts: { accrued: '211100', variance: '600000', tax: '157600' } },
};
const week = 'invoice,day,total,parcel,charge,amount\nR1,2026-11-20,1.30,,Weekly fee,1.30\n';
const days = ['--from', '2026-10-01', '--to', '2026-11-30'];

let folder = '';
let config = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-freight-'));
  await qm('init', '--config', at('plain.json'));
  config = at('freight.json');
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(at('plain.json'), 'utf8')), freight }));
  writeFileSync(at('week.csv'), week);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(why !== '')(
  `the synthetic invoices come to their headers through the command, and a second time change nothing${why}`,
  async () => {
    const change = ['--config', config, '--stopped', '--reason', 'the invoices of October', '--by', 'fay'];
    const first = [await qm('freight', 'import', samples.ups, '--carrier', 'ups', ...change)];
    first.push(await qm('freight', 'import', samples.fedex, '--carrier', 'fedex', ...change));
    expect(first.map(({ code, err }) => [code, err])).toEqual([
      [exitCodes.ok, ''],
      [exitCodes.ok, ''],
    ]);
    expect(first[0]?.out).toBe(
      [
        '10 rows: 9 charged, 1 for information only, 0 left out.',
        '9 lines are new.',
        '',
        'invoice                       day          declared  lines come to  verdict  new  known',
        'ups/0000A1B2C3/0000A1B2C3406  2026-10-10  70.71 USD      70.71 USD  agrees     9      0',
        '',
      ].join('\n'),
    );
    const before = await qm('freight', 'audit', '--config', config, ...days, '--json');
    const again = await qm('freight', 'import', samples.ups, '--carrier', 'ups', ...change);
    expect(again.out).toContain('Nothing is new: all of it was imported before.');
    expect((await qm('freight', 'audit', '--config', config, ...days, '--json')).out).toBe(before.out);
  },
);

test.skipIf(why !== '')(`differences, disputes and findings are told as tables and as JSON${why}`, async () => {
  await keepLabel('1Z9999990300000022', [
    ['shipping', 1_240],
    ['fuel-charge', 229],
  ]);
  await qm('freight', 'import', samples.ups, '--carrier', 'ups', '--config', config, '--stopped', '--reason', 'the invoice of October');

  const audit = await qm('freight', 'audit', '--config', config, '--from', '2026-10-01', '--to', '2026-10-11');
  expect(audit.out.split('\n')).toEqual(
    expect.arrayContaining([
      'ups/0000A1B2C3/0000A1B2C3406  2026-10-10  70.71 USD      70.71 USD      21.00 USD  49.71 USD  agrees',
      'weight-dimension  disputed      1    6.31 USD',
    ]),
  );
  const disputes = await qm('freight', 'disputes', '--config', config, ...days, '--csv', at('disputes.csv'));
  expect(disputes.out).toMatch(
    /2027-04-08 +\d+ +ups +0000A1B2C3406 +1Z9999990300000022 +weight-dimension +6\.31 USD +0\.00 USD +6\.31 USD/,
  );
  expect(readFileSync(at('disputes.csv'), 'utf8').split('\r\n')[0]).toBe(
    'carrier,account,invoice_number,invoice_day,tracking_number,references,class,charges,billed,expected,disputed,currency,finding,deadline',
  );
  expect(JSON.parse((await qm('freight', 'disputes', '--config', config, ...days, '--json')).out)).toEqual(
    expect.arrayContaining([expect.objectContaining({ class: 'weight-dimension', amount: { minor: 631, currency: 'USD' } })]),
  );
  expect((await qm('freight', 'findings', '--config', config, ...days)).out).toBe('Nothing was found.\n');
});

test('an invoice goes to the running daemon in the name of the token, and its bill into Odoo for a supervisor', async () => {
  await using cleanup = new AsyncDisposableStack();
  const business = await openSmallBusiness({ freight });
  const served = await servedControl(business, at, cleanup);
  const as = (name: string) => ['--config', served, '--as', name, '--reason', 'the invoice of the week'];

  const imported = await qm('freight', 'import', at('week.csv'), '--carrier', 'rad', ...as('ann'));
  expect(imported).toMatchObject({ code: exitCodes.ok, err: '', out: expect.stringContaining('1 lines are new.') });
  expect(await qm('freight', 'bill', 'R1', ...as('ann'))).toMatchObject({ err: expect.stringContaining('Ask a supervisor') });
  expect(await qm('freight', 'bill', 'R1', ...as('sue'))).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining('rad/7/R1') });
  await settle(business.engine, business.clock);

  const [exception] = await business.journal.read((tx) => tx.exceptions.list({ open: true, limit: 10 }));
  expect(exception).toMatchObject({ code: 'write-bill-failed', reason: expect.stringContaining('no vendor with the reference RAD') });
  const trail = await business.journal.read((tx) => tx.audit.list({ limit: 1_000 }));
  const freightRows = trail.filter(({ event }) => event.startsWith('operation.freight'));
  expect(freightRows.map(({ actor, event }) => [actor, event])).toEqual([
    ['ann', 'operation.freight-import'],
    ['sue', 'operation.freight-bill'],
  ]);
});

test('a dry run shows the bill as it would be written', async () => {
  await qm('freight', 'import', at('week.csv'), '--carrier', 'rad', '--config', config, '--stopped', '--reason', 'the invoice of the week');
  expect((await qm('freight', 'bill', 'R1', '--dry-run', '--config', config)).out).toBe(
    [
      'rad/7/R1, 2026-11-20, vendor RAD',
      'line                  account  analytic    amount',
      'Freight: service fee  600000             1.30 EUR',
      'total                                    1.30 EUR',
      '',
    ].join('\n'),
  );
});

test.each<[string, string[], string]>([
  ['without a reason', ['import', 'week.csv', '--carrier', 'rad', '--stopped'], '--reason is needed'],
  ['of a file that is not there', ['import', 'none.csv', '--carrier', 'rad', '--stopped', '--reason', 'weekly'], 'cannot be read'],
  ['of days that are none', ['audit', '--from', '2026-02-30'], 'expected a day'],
  ['of days the wrong way round', ['audit', '--from', '2026-03-01', '--to', '2026-02-01'], 'is behind'],
])('a command %s is refused in words', async (_what, [verb = '', ...args], says) => {
  const named = args.map((arg) => (arg.endsWith('.csv') ? at(arg) : arg));
  const { code, err } = await qm('freight', verb, ...named, '--config', config);
  expect([code, err]).toEqual([exitCodes.usage, expect.stringContaining(says)]);
});

test('a layout that nobody described is told with those that there are', async () => {
  const args = ['--carrier', 'gls', '--config', config, '--stopped', '--reason', 'weekly'];
  expect(await qm('freight', 'import', at('week.csv'), ...args)).toMatchObject({
    code: exitCodes.no,
    err: expect.stringContaining('no layout gls; there are ups, fedex, rad'),
  });
});

async function keepLabel(trackingNumber: string, charges: readonly (readonly [string, number])[]): Promise<void> {
  const all = charges.map(([type, minor]) => ({ type, amount: { minor, currency: 'USD' }, vendorCode: null }));
  const minor = charges.reduce((sum, [, each]) => sum + each, 0);
  const names = { id: `label/${trackingNumber}`, carrier: 'UPS', service: '03', trackingNumber, leadTrackingNumber: null, references: [] };
  const terms = { boughtOn: '2026-10-06', voidedOn: null, isReturn: false, promisedOn: null, isGuaranteed: false };
  const goods = { grams: 3_600, billableGrams: null, zone: '6', box: null, items: [{ sku: 'MUG', units: 1 }], destination: null };
  const price = { price: { minor, currency: 'USD' }, charges: all };
  const body = { ...names, ...terms, ...goods, ...price, orderId: 'S1', shipmentId: '1', node: 'WH' };
  await using journal = await writeJournal({ config });
  await journal.transaction((tx) =>
    tx.records.put('accrual', names.id, { state: terms.boughtOn, body, at: '2026-10-06T10:00:00.000Z', name: trackingNumber, version: 0 }),
  );
}

function at(name: string): string {
  return join(folder, name);
}
