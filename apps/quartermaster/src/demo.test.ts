import { connectControl } from '@quartermaster/sandbox';
import { systemClock } from '@quartermaster/connector-kit';
import { classify } from '@quartermaster/flows';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { totalsSideBySide } from './testing/books.ts';
import { parseFigures, withoutSeconds } from './testing/figures.ts';
import { runQm, startSandboxes, temporaryFolder } from './testing/processes.ts';

const olist = new URL('../../../../shared/data/olist', import.meta.url).pathname;

test(
  'the day comes out the same every time, adds up, is cheaper than the usual rule, and says how good it is',
  { timeout: 240_000 },
  async () => {
    const first = await runQm(['demo', '--exit', '--json']);
    const again = await runQm(['demo', '--exit', '--json']);

    expect(first.code).toBe(0);
    const { orders, cost, baseline, gap } = parseFigures(first.out);
    expect(orders.in).toBe(300);
    expect(orders.shipped + orders.partial + orders.backordered + orders.held + orders.cancelled + orders.exceptions).toBe(orders.in);
    expect(orders.confirmed).toBe(orders.shipped + orders.partial);
    expect(cost.total).toBeLessThan(baseline.total);
    expect(gap).toBeLessThan(0.02);
    for (const { total, ...terms } of [cost, baseline])
      expect(Object.values(terms).reduce((sum, term) => sum + term, 0)).toBeCloseTo(total, 6);
    expect(withoutSeconds(parseFigures(again.out))).toEqual(withoutSeconds(parseFigures(first.out)));
  },
);

test('after a day the journal answers what waits for a person, and why an order left from where it did', { timeout: 240_000 }, async () => {
  const folder = temporaryFolder();
  const day = await runQm(['demo', '--exit', '--json', '--orders', '60', '--store', folder.path]);

  const exceptions = await runQm(['exceptions', '--store', folder.path, '--json']);
  const shipped = await shippedOrder(folder.path);
  const explained = await runQm(['explain', shipped, '--store', folder.path]);
  const unknown = await runQm(['explain', 'nobody', '--store', folder.path]);
  folder.remove();

  expect(JSON.parse(exceptions.out)).toHaveLength(parseFigures(day.out).openExceptions);
  expect(explained.out).toMatch(/shipment 1: confirmed, from [A-Z]{3} by/);
  expect(explained.out).toMatch(/chosen [A-Z]{3} by .*: shipping \d/);
  expect(explained.out).toMatch(/passed over [A-Z]{3}: /);
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('the journal has no order nobody') });
});

/** Key of an order that left whole. */
async function shippedOrder(folder: string): Promise<string> {
  await using journal = await openJournal({
    path: join(folder, 'journal.sqlite'),
    masterKey: loadOrCreateMasterKey(join(folder, 'master.key')),
    clock: systemClock,
    readOnly: true,
  });
  const classes = await journal.read(classify);
  return [...classes].find(([, figure]) => figure === 'shipped')?.[0] ?? '';
}

test.runIf(existsSync(olist))(
  'a real day of 249 orders comes to an end: three are held, the others shipped or waiting for stock, to the cent (needs ../shared)',
  { timeout: 240_000 },
  async () => {
    const sandboxes = await startSandboxes(['--olist', olist, '--day', '2017-11-24']);
    const { code, out } = await runQm(['demo', '--exit', '--json', '--sandbox', sandboxes.portFile]);
    const end = await connectControl(sandboxes.controlUrl).snapshot();
    await sandboxes.stop();

    expect(code).toBe(0);
    const { orders } = parseFigures(out);
    expect(orders).toMatchObject({ in: 249, held: 3, cancelled: 0, exceptions: 0 });
    expect(orders.shipped + orders.partial + orders.backordered).toBe(246);
    expect(Object.keys(end.erpOrders).length).toBe(246);
    for (const { erp, shop } of totalsSideBySide(end)) expect(erp).toEqual(shop);
  },
);
