import { createEngine, flowSettingsSchema, releasePreview } from '@quartermaster/flows';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../exit.ts';
import { qm } from '../testing/command-line.ts';
import { servedControl } from '../testing/served-control.ts';
import { openSmallBusiness } from '../testing/small-business.ts';
import { releaseText } from './release.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-release-'));
  await qm('init', '--config', at('plain.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('qm release lets go what may go now, by a person with a reason; qm release of an order releases its holds', async () => {
  await using cleanup = new AsyncDisposableStack();
  const business = await openSmallBusiness();
  const config = await servedControl(business, at, cleanup);
  const as = ['--config', config, '--as', 'ann', '--reason', 'the truck comes early'];

  expect(await qm('release', ...as)).toMatchObject({
    code: exitCodes.no,
    err: "qm: nothing may be released now; 0 shipments wait. See why with 'qm release --dry-run'.\n",
  });
  expect(await qm('release', '--config', config)).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('--reason') });
  expect(await qm('release', '#1001', '--dry-run', '--config', config)).toMatchObject({ code: exitCodes.usage });
});

test('the dry run shows pick waves with their minutes, what stays and until when, and when each node is done', async () => {
  const business = await openSmallBusiness();
  const release = { groupBy: ['service'], earliestMinutes: 120, crew: { BER: { shifts: [{ from: '08:00', to: '16:00', people: 1 }] } } };
  const settings = flowSettingsSchema.parse({ ...business.context.settings, release });
  await business.order();
  await createEngine({ ...business.context, settings }).wave('2026-11-23T07:00:00.000Z');
  const [node] = settings.nodes;
  const cutoff = Number(node?.cutoff.slice(0, 2)) - 1;

  const early = releaseText(await releasePreview(business.journal, settings, '2026-11-23T07:30:00.000Z'));
  const inTime = releaseText(await releasePreview(business.journal, settings, `2026-11-23T${cutoff - 1}:30:00.000Z`));

  expect(early).toMatch(
    /^Nothing would be released now\.\n\nstays\s+until\s+why\n#1001\/1\s+2026-11-23 \d\d:00\s+the cutoff of BER at \d\d:\d\d is more than 120/,
  );
  expect(inTime).toMatch(/^node\s+cutoff\s+pick wave\s+shipments\s+minutes\nBER .* #1001\/1\n/);
  expect(inTime).toMatch(/node\s+cutoff\s+shipments\s+minutes\s+of\s+done\s+at risk\nBER/);
});

test('qm waves and qm aging read the journal of a config that nothing has happened in yet', async () => {
  await using cleanup = new AsyncDisposableStack();
  const config = await servedControl(await openSmallBusiness(), at, cleanup);

  const [waves, aging] = [await qm('waves', '--config', config), await qm('aging', '--config', config, '--json')];

  expect([waves.code, aging.code]).toEqual([exitCodes.journal, exitCodes.journal]);
});

function at(name: string): string {
  return join(folder, name);
}
