import { openJournal, loadOrCreateMasterKey } from '@quartermaster/journal';
import { systemClock } from '@quartermaster/connector-kit';
import { connectControl, type EndState } from '@quartermaster/sandbox';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { totalsSideBySide } from './testing/books.ts';
import { parseFigures, withoutSeconds, type DemoFigures } from './testing/figures.ts';
import { startQm, startSandboxes, temporaryFolder } from './testing/processes.ts';

const day = ['--seed', '7', '--orders', '300'];

/** Intents that the journal has to count as done before the daemon is killed: spread over the day, most of them in the middle of a wave. */
const killsAt = [30, 150, 400, 700, 1_000];

test(
  'a day with a tenth of all vendor calls failing and five kills ends in the same state as the quiet day',
  { timeout: 480_000 },
  async () => {
    const quiet = await playDay([], []);
    const rough = await playDay(['--faults', '0.1', '--fault-seed', '7'], killsAt);

    expect(rough.kills).toBe(5);
    expect(rough.endState).toEqual(quiet.endState);
    expect(withoutSeconds(rough.figures)).toEqual(withoutSeconds(quiet.figures));
    expectOnce(rough.endState);
  },
);

/** Each order once in Odoo and to the cent, one live label per parcel, each shipment confirmed once. */
function expectOnce(end: EndState): void {
  expect(end.erpOrdersWithoutExternalId).toBe(0);
  expect(Object.keys(end.erpOrders).length).toBeGreaterThan(250);
  for (const { erp, shop } of totalsSideBySide(end)) expect(erp).toEqual(shop);
  const labels = Object.values(end.labels);
  expect(labels.length).toBeGreaterThan(50);
  expect(labels.filter(({ bought, refunded }) => bought - refunded > 1)).toEqual([]);
  const deliveries = Object.values(end.erpOrders).flatMap((order) => order.deliveries.filter((delivery) => delivery.state === 'done'));
  const fulfillments = Object.values(end.orders).flatMap((order) => order.fulfillments);
  expect(fulfillments.length).toBe(deliveries.length);
  for (const { trackingNumbers } of [...deliveries, ...fulfillments]) expect(trackingNumbers).toBeGreaterThan(0);
}

async function playDay(
  faults: readonly string[],
  killPoints: readonly number[],
): Promise<{ readonly endState: EndState; readonly figures: DemoFigures; readonly kills: number }> {
  const sandboxes = await startSandboxes([...day, ...faults]);
  const folder = temporaryFolder();
  try {
    const args = ['demo', '--exit', '--json', '--sandbox', sandboxes.portFile, '--store', folder.path];
    let kills = 0;
    for (const point of killPoints) {
      const daemon = startQm(args);
      const early = await Promise.race([daemon.finished, doneIntents(folder.path, point)]);
      if (early !== undefined) throw new Error(`the daemon ended before it could be killed: ${early.err}`);
      daemon.process.kill('SIGKILL');
      if ((await daemon.finished).signal === 'SIGKILL') kills++;
    }
    const last = await startQm(args).finished;
    if (last.code !== 0) throw new Error(`the last run ended with ${last.code}: ${last.err}${last.out}`);
    return { endState: await connectControl(sandboxes.controlUrl).snapshot(), figures: parseFigures(last.out), kills };
  } finally {
    await sandboxes.stop();
    folder.remove();
  }
}

/** Waits, reading beside the running daemon, until so many intents are done. */
async function doneIntents(folder: string, wanted: number): Promise<undefined> {
  const path = join(folder, 'journal.sqlite');
  while (!existsSync(path)) await wait(20);
  for (;;) {
    const done = await countDone(path, join(folder, 'master.key'));
    if (done >= wanted) return undefined;
    await wait(20);
  }
}

async function countDone(path: string, keyPath: string): Promise<number> {
  try {
    await using journal = await openJournal({ path, masterKey: loadOrCreateMasterKey(keyPath), clock: systemClock, readOnly: true });
    const counts = await journal.read((tx) => tx.intents.counts());
    return counts.filter(({ state }) => state === 'done').reduce((sum, { count }) => sum + count, 0);
  } catch {
    // Not there yet, or just being made: look again.
    return 0;
  }
}
