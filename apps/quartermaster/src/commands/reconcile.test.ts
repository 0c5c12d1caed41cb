import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { settle } from '@quartermaster/flows';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { exitCodes } from '../exit.ts';
import type { main } from '../main.ts';
import { qm } from '../testing/command-line.ts';
import { servedControl } from '../testing/served-control.ts';
import { openSmallBusiness, type SmallBusiness } from '../testing/small-business.ts';
import { writeJournal } from './journal-reading.ts';
import { previewCommand } from './reconcile.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-reconcile-'));
  await qm('init', '--config', at('plain.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A shop in which somebody set a figure by hand, which one look has seen already. */
async function editedShop(): Promise<SmallBusiness> {
  const business = await openSmallBusiness();
  const { clock, context, engine } = business;
  await engine.publish();
  await settle(engine, clock);
  clock.advanceTo('2026-11-23T08:00:00.000Z');
  await context.channels.get('shop')?.pushStock([{ sku: 'MUG', node: 'BER', available: 25, expected: null }], intentMemo('by-hand'));
  await engine.reconcile();
  clock.advanceTo('2026-11-23T08:20:00.000Z');
  return business;
}

test('a dry run tells the causes with counts, and of each difference the three sides and what would be done', async () => {
  const { context } = await editedShop();
  const { code, out } = await printed((output) => previewCommand(context, { json: false }, output));

  expect(code).toBe(exitCodes.no);
  expect(out).toBe(
    [
      'Compared 0 orders, 1 figures of stock in channels, 1 positions in the ERP.',
      '',
      'cause                count  meaning',
      'shown-above-promise      1  A channel offers more of an article than may be promised now: it may be oversold.',
      '',
      'shown-above-promise  shop/MUG/BER  (since 2026-11-23T08:00:00.000Z, person)',
      '  channel: 25',
      '  ERP:     {"promised":10}',
      '  journal: {"set":10,"since":"2026-11-23T07:00:00.000Z"}',
      '  Would publish the figure again.',
      '',
      'Nothing was changed. --apply lets the daemon mend what has lasted.',
      '',
    ].join('\n'),
  );
});

test('a dry run that finds nothing says so', async () => {
  const { context } = await openSmallBusiness();
  const { code, out } = await printed((output) => previewCommand(context, { json: false, sku: 'LAMP' }, output));
  expect([code, out]).toEqual([
    exitCodes.ok,
    'Compared 0 orders, 0 figures of stock in channels, 0 positions in the ERP.\nNo differences.\n',
  ]);
});

test('a dry run reads the journal beside its writer, and names the connections that it could not read', async () => {
  const config = JSON.parse(readFileSync(at('plain.json'), 'utf8'));
  const nowhere = 'http://127.0.0.1:9';
  const channels = config.channels.map((channel: object) => ({ ...channel, origin: nowhere }));
  writeFileSync(at('away.json'), JSON.stringify({ ...config, odoo: { ...config.odoo, url: nowhere }, channels }));
  for (const name of ['QM_ODOO_KEY', 'QM_SHOP_EU_TOKEN', 'QM_SHOP_EU_WEBHOOK_SECRET']) vi.stubEnv(name, 'secret');
  onTestFinished(() => void vi.unstubAllEnvs());
  await using _writer = await writeJournal({ config: at('away.json') });

  const { code, out } = await qm('reconcile', '--config', at('away.json'));

  expect([code, out]).toEqual([exitCodes.outside, expect.stringContaining('Not read: odoo (')]);
});

test('a supervisor has the running daemon mend it, once, and the trail says who', async () => {
  await using cleanup = new AsyncDisposableStack();
  const business = await editedShop();
  const config = await servedControl(business, at, cleanup);
  const asSue = ['--apply', '--config', config, '--as', 'sue', '--reason', 'the intern edited stock'];

  const { code, out } = await qm('reconcile', ...asSue);
  await business.engine.publish();
  await settle(business.engine, business.clock);

  expect([code, out]).toEqual([
    exitCodes.ok,
    [
      'Compared 0 orders, 1 figures of stock in channels, 1 positions in the ERP.',
      '',
      'cause                about         since                     result',
      'shown-above-promise  shop/MUG/BER  2026-11-23T08:00:00.000Z  mended',
      '',
      '1 mended, 0 left, 0 closed.',
      '',
    ].join('\n'),
  ]);
  expect(business.shop.stock('MUG', 'BER').available).toBe(10);
  const trail = await business.journal.read((tx) => tx.audit.list({ key: 'shop/MUG/BER', limit: 10 }));
  expect(trail.map(({ actor, event }) => [actor, event])).toEqual([['sue', 'drift.mended']]);
});

test('an operator may not', async () => {
  await using cleanup = new AsyncDisposableStack();
  const config = await servedControl(await editedShop(), at, cleanup);
  expect(await qm('reconcile', '--apply', '--config', config, '--as', 'ann', '--reason', 'it differs')).toMatchObject({
    code: exitCodes.outside,
    err: expect.stringContaining('Ask a supervisor'),
  });
});

test.each<[string, string[], string]>([
  ['without a reason', ['--apply'], '--reason'],
  ['about an order and an article at once', ['--order', '#1001', '--sku', 'MUG'], 'not both'],
])('it is refused %s', async (_what, args, message) => {
  const { code, err } = await qm('reconcile', ...args, '--config', at('plain.json'));
  expect([code, err.includes(message)]).toEqual([exitCodes.usage, true]);
});

async function printed(run: (output: Parameters<typeof main>[1] & object) => Promise<number>) {
  let out = '';
  const code = await run({ out: (text) => void (out += text), err: () => undefined, live: false });
  return { code, out };
}

function at(name: string): string {
  return join(folder, name);
}
