import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, explainOrder, packingOf, settle } from '@quartermaster/flows';
import { manualCarrier } from '@quartermaster/manual';
import { exitCodes } from '../exit.ts';
import { qm } from '../testing/command-line.ts';
import { controlConfig, servedControl } from '../testing/served-control.ts';
import { packingText } from './packing.ts';
import { openSmallBusiness } from '../testing/small-business.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-operate-'));
  await qm('init', '--config', at('plain.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A running daemon's control API, and the config of it. */
async function running(cleanup: AsyncDisposableStack) {
  const business = await openSmallBusiness();
  const key = await business.order();
  return { business, key, config: await servedControl(business, at, cleanup) };
}

describe('a command to the running daemon', () => {
  test('holds an order in the name of the token, and releases it', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { business, key, config } = await running(cleanup);
    const as = ['--config', config, '--as', 'ann', '--reason', 'the customer called'];

    const held = await qm('hold', '#1001', '--owner', 'ben', '--until', '2026-12-01T08:00:00Z', ...as);
    const released = await qm('release', key, '--code', 'manual', ...as, '--json');

    expect(held).toEqual({ code: exitCodes.ok, out: `Done: hold of ${key}.\n`, err: '' });
    expect(JSON.parse(released.out)).toMatchObject({ operation: 'release', before: { state: 'held' }, after: { state: 'open' } });
    const trail = await business.journal.read((tx) => tx.audit.list({ key, limit: 100 }));
    expect(trail.filter(({ actor }) => actor === 'ann').map(({ event }) => event)).toEqual(['operation.hold', 'operation.release']);
  });

  test('retries an intent, and then is told that it cannot be given up', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { business, key, config } = await running(cleanup);
    const id = String(await business.failedIntent(key));
    const as = ['--config', config, '--as', 'ann', '--reason', 'mended'];

    expect(await qm('retry', id, ...as)).toMatchObject({ code: exitCodes.ok });
    expect(await qm('drop', id, ...as)).toEqual({
      code: exitCodes.no,
      out: '',
      err: `qm: intent ${id} is ready. Only what is dead or failed waits for a person.\n`,
    });
  });

  test('gives money back for a supervisor, and cancels an order here and in the shop', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { business, key, config } = await running(cleanup);
    const as = (name: string) => ['--config', config, '--as', name, '--reason', 'the customer called'];

    const refunded = await qm('refund', '#1001', '--amount', '2.50', '--shipping', '--cause', 'goodwill', ...as('sue'), '--json');
    const wrong = await qm('cancel', '#1001', '--line', 'CUP=1', ...as('ann'));
    const cancelled = await qm('cancel', '#1001', '--line', 'MUG=1', '--cause', 'customer', ...as('ann'));
    await settle(business.engine, business.clock);

    expect(JSON.parse(refunded.out)).toMatchObject({
      operation: 'refund',
      after: { refunds: [{ amount: { minor: 740 }, state: 'asked' }] },
    });
    expect(wrong).toMatchObject({ code: exitCodes.no, err: expect.stringContaining('the order has no line CUP') });
    expect(cancelled).toEqual({ code: exitCodes.ok, out: `Done: cancel of ${key}.\n`, err: '' });
    expect(business.shop.snapshot().orders[0]).toMatchObject({ cancelReason: 'CUSTOMER', refunds: [{ amount: '7.4' }] });
  });

  test('says in which box a shipment really is, and the control API tells the packing as JSON', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { business, key, config } = await running(cleanup);
    await business.engine.wave('2026-11-23T10:00:00.000Z');
    const as = ['--config', config, '--as', 'ann', '--reason', 'the box was torn'];

    const unknown = await qm('repack', '#1001', '--parcel', 'M', ...as);
    const repacked = await qm('repack', '#1001', '--parcel', '100x300x200@420:MUG=1', ...as);

    expect(unknown).toMatchObject({ code: exitCodes.no, err: expect.stringContaining('there is no box M') });
    expect(repacked).toEqual({ code: exitCodes.ok, out: `Done: repack of ${key}.\n`, err: '' });
    const packing = await packingOf(business.journal, key);
    expect(packing === null ? '' : packingText(packing)).toContain(
      'packed by ann at 2026-11-23T07:00:00.000Z: the box was torn\nParcel 1 of 1: no box of ours, 300 x 200 x 100 mm, 0.420 kg\n  1 x MUG',
    );
  });

  test('tells of short picks, rejected shipments, counts and outages, each in its words', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { config } = await running(cleanup);
    const as = (who: string) => ['--config', config, '--as', who, '--reason', 'the power is off'];

    const said = [
      await qm('outage', 'BER', '--capacity', '50', ...as('sue')),
      await qm('outage', 'BER', '--capacity', '50', '--minutes', '60', ...as('sue')),
      await qm('reopen', 'BER', ...as('sue')),
      await qm('short', '#1001', '9', 'MUG=1', ...as('ann')),
      await qm('reject-shipment', '#1001', '9', '--doubt', 'damaged', '--line', 'MUG=1', ...as('ann')),
      await qm('counted', 'BER', 'MUG', '3', ...as('ann')),
    ];

    expect(said.map(({ code, out, err }) => [code, out.trim() || err.split(/[\n.;]/)[0]?.replace(/^qm: /, '')])).toEqual([
      [exitCodes.ok, 'Done: outage of BER.'],
      [exitCodes.usage, expect.stringContaining('--capacity or --minutes, not both')],
      [exitCodes.ok, 'Done: reopen of BER.'],
      [exitCodes.no, expect.stringContaining('the order has no shipment 9')],
      [exitCodes.no, expect.stringContaining('the order has no shipment 9')],
      [exitCodes.no, expect.stringContaining('MUG at BER is not in doubt')],
    ]);
  });

  test('types in a label that a person bought, and its order goes on', async () => {
    await using cleanup = new AsyncDisposableStack();
    const plain = await openSmallBusiness();
    const { settings, clock } = plain.context;
    const byHand = settings.carriers.map(
      ({ connection, tariff }) => [connection, manualCarrier({ connection, tariffs: [tariff], clock })] as const,
    );
    const business = { ...plain, context: { ...plain.context, carriers: new Map(byHand) } };
    const engine = createEngine(business.context);
    const key = await plain.order();
    plain.clock.advanceTo('2026-11-23T10:00:00.000Z');
    await engine.wave(plain.clock.now());
    await settle(engine, clock);
    const [purchase] = await plain.journal.read((tx) => tx.intents.list({ orderKey: key, kinds: ['buy-label'], limit: 1 }));
    const config = await servedControl(business, at, cleanup);

    const as = ['--config', config, '--as', 'ann', '--reason', 'bought at the counter'];
    const typed = await qm('label', String(purchase?.id), '--number', '00 34 0434 1234', '--price', '5.49', ...as);
    await settle(engine, clock);

    expect(typed).toEqual({ code: exitCodes.ok, out: `Done: label of ${key}.\n`, err: '' });
    expect(await explainOrder(plain.journal, key)).toMatchObject({
      case: { state: 'shipped', shipments: [{ labels: [{ label: { trackingNumber: '003404341234', price: { minor: 549 } } }] }] },
      parcels: [],
    });
  });

  test('is refused to who may not, with whom to ask', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { config } = await running(cleanup);
    const override = (name: string) => qm('override', '#1001', '--check', 'fraud', '--config', config, '--as', name, '--reason', 'known');

    expect(await override('ann')).toMatchObject({ code: exitCodes.outside, err: expect.stringContaining('Ask a supervisor') });
    expect(await override('sue')).toMatchObject({ code: exitCodes.ok });
  });

  test('says so when no daemon runs', async () => {
    const config = controlConfig(1, at);
    expect(await qm('hold', '#1001', '--config', config, '--as', 'ann', '--reason', 'wait')).toEqual({
      code: exitCodes.outside,
      out: '',
      err: `qm: no daemon answers at http://127.0.0.1:1/; start it with 'qm run', or see 'control' in ${config}.\n`,
    });
  });

  test.each<[string, string[], string]>([
    ['without a reason', ['hold', '#1001', '--as', 'ann'], '--reason'],
    ['in no name, where there are several', ['hold', '#1001', '--reason', 'wait'], 'ann, sue'],
    ['in the name of nobody', ['hold', '#1001', '--as', 'eve', '--reason', 'wait'], 'control.tokens has no eve'],
    ['with half a choice', ['override', '#1001', '--node', 'BER', '--as', 'ann', '--reason', 'wait'], 'belong together'],
    ['about units that are none', ['cancel', '#1001', '--line', 'MUG', '--as', 'ann', '--reason', 'wait'], 'such as MUG=2'],
    [
      'about a parcel that is none',
      ['repack', '#1001', '--parcel', ':MUG=1', '--as', 'ann', '--reason', 'wait'],
      'expected a box or its sides',
    ],
    ['about nothing', ['retry', '--as', 'ann', '--reason', 'wait'], 'name an intent'],
    ['until a time that is none', ['hold', '#1001', '--until', 'soon', '--as', 'ann', '--reason', 'wait'], 'expected an instant'],
  ])('is not sent %s', async (_what, args, message) => {
    const { code, err } = await qm(...args, '--config', controlConfig(1, at));
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(message);
  });

  test('a config without a control section is named', async () => {
    expect(await qm('drop', '1', '--config', at('plain.json'), '--reason', 'wait')).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining("no 'control' section"),
    });
  });
});

function at(name: string): string {
  return join(folder, name);
}
