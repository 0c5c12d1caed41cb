import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { openJournal } from '@quartermaster/journal';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sharedRevisions } from './shared-revisions.ts';

const morning = '2026-11-23T17:00:00.000Z';
const policy = { perDay: 5, keptForDecreases: 2, zone: 'America/Los_Angeles' };

test('what was revised before a restart counts after it', async () => {
  const path = join(temporary(), 'journal.sqlite');
  for (let revision = 1; revision <= 2; revision += 1) {
    await using before = await opened(path);
    await sharedRevisions(before, 'ebay', policy).take('mug', morning, 'increase');
  }

  await using after = await opened(path);
  const budget = sharedRevisions(after, 'ebay', policy);

  expect([await budget.take('mug', morning, 'increase'), await budget.take('mug', morning, 'increase')]).toEqual([true, false]);
});

test('two daemons on one journal share the revisions of a listing, of which the last are kept for decreases', async () => {
  await using journal = await opened(':memory:');
  const [one, other] = [sharedRevisions(journal, 'ebay', policy), sharedRevisions(journal, 'ebay', policy)];
  const increases = await Promise.all([one, other, one, other].map((budget) => budget.take('mug', morning, 'increase')));

  const decreases = await Promise.all([one, other, one].map((budget) => budget.take('mug', morning, 'decrease')));

  expect([increases, decreases].map((all) => all.filter(Boolean).length)).toEqual([3, 2]);
});

test('a listing that eBay has blocked is revised no more until its next day, and another one is', async () => {
  await using journal = await opened(':memory:');
  const budget = sharedRevisions(journal, 'ebay', policy);
  await budget.exhaust('mug', morning);

  const taken = [
    await budget.take('mug', morning, 'decrease'),
    await budget.take('tea', morning, 'increase'),
    await budget.take('mug', '2026-11-24T07:59:00.000Z', 'decrease'),
    await budget.take('mug', '2026-11-24T08:01:00.000Z', 'increase'),
  ];

  expect(taken).toEqual([false, true, false, true]);
});

test('a listing of another account with the same name has revisions of its own', async () => {
  await using journal = await opened(':memory:');
  await sharedRevisions(journal, 'ebay-de', policy).exhaust('mug', morning);

  expect(await sharedRevisions(journal, 'ebay-us', policy).take('mug', morning, 'increase')).toBe(true);
});

function opened(path: string) {
  return openJournal({ path, masterKey: new Uint8Array(32).fill(7), clock: virtualClock(morning) });
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qm-revisions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
