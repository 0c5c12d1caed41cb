import { connectControl, type EndState } from '@quartermaster/sandbox';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditRows, until } from './testing/crash/progress.ts';
import { totalsSideBySide } from './testing/books.ts';
import { parseFigures, withoutSeconds, type DemoFigures } from './testing/figures.ts';
import { startQm, startSandboxes, temporaryFolder } from './testing/processes.ts';

const day = ['--seed', '7', '--orders', '150'];

/** Rows that the audit trail has to have before the daemon is killed: spread over the day, most of them in the middle of a wave. `npm run test:crash` kills at random, and far more often. */
const killsAt = [30, 150, 400, 600, 800];

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
  expect(Object.keys(end.erpOrders).length).toBeGreaterThan(120);
  for (const { erp, shop } of totalsSideBySide(end)) expect(erp).toEqual(shop);
  const labels = Object.values(end.labels);
  expect(labels.length).toBeGreaterThan(30);
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
      await until(() => auditRows(join(folder.path, 'journal.sqlite')) >= point, daemon.finished);
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
