import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { copyJournal } from './copy.ts';
import { openJournal, type Journal } from './journal.ts';
import type { JournalPlace } from './journal-place.ts';
import { claim, claimOne, given, intent, masterKey, noon, shop, stoppedClock as clock } from './testing/givens.ts';
import { newSchema } from './testing/postgres-schemas.ts';
import { stopTimeoutMs, testServer } from './testing/postgres-server.ts';

const anything = z.unknown();
const folder = mkdtempSync(join(tmpdir(), 'journal-copy-'));
const server = await testServer();
const missing = 'missing' in server ? server.missing : null;
afterAll(async () => {
  rmSync(folder, { recursive: true });
  if (!('missing' in server)) await server.stop();
}, stopTimeoutMs);

let files = 0;
const file = (): JournalPlace => ({ path: join(folder, `${(files += 1)}.db`) });
const schema = (): JournalPlace => ({
  postgres: { url: 'missing' in server ? '' : server.url, schema: newSchema(), connections: 2, leaseTime: 'clock' },
});
const open = (place: JournalPlace) => openJournal({ ...place, masterKey, clock });

/** A journal with something of everything in it. */
async function used(place: JournalPlace): Promise<void> {
  await using journal = await open(place);
  await given(
    journal,
    intent('a', { subject: 'p1', orderKey: 'o1' }),
    intent('b', { orderKey: 'o1' }),
    intent('c', { orderKey: 'o2', state: 'planned' }),
  );
  const { id, token } = await claimOne(journal);
  await journal.transaction(async (tx) => {
    await tx.inbox.add({ scope: shop, kind: 'order', vendorId: '17', revision: '1', subject: 'p1', body: { total: 5 }, receivedAt: noon });
    await tx.cursors.set(shop, 'orders', { page: 'b' });
    for (const key of ['o1', 'o2']) await tx.records.put('order', key, { state: 'open', body: { total: 1 }, at: noon, version: 0 });
    await tx.intents.saveRaw(id, token, 'the answer');
    await tx.intents.finish(id, token, { tracking: '1Z' });
    await tx.exceptions.raise({ code: 'late', subjectKey: 'o1', owner: 'ann', reason: 'late', at: noon });
    await tx.schedules.claimSlot('wave', 'today', noon);
    for (const key of ['o1', 'o2', 'o1']) await tx.audit.append({ at: noon, actor: 'ann', event: 'order.held', key });
    await tx.decisions.save({ id: 'd1', kind: 'wave', at: noon, inputsHash: 'h', inputs: [1, 2], outcome: { node: 'WH1' } });
    await tx.vault.put('p1', 'person', 'Ann');
    await tx.leases.take('reader', 'a', 60_000);
    await tx.buckets.take('shop', { capacity: 1, refillPerSecond: 0.1 });
    await tx.circuits.open(shop, { forMs: 60_000, reason: 'it does not answer' });
  });
}

/** All that a journal answers. */
function everything(journal: Journal) {
  return journal.read(async (tx) => ({
    arrivals: await tx.inbox.pending(9),
    cursor: await tx.cursors.get(shop, 'orders', anything),
    records: await tx.records.list('order', anything, { limit: 9 }),
    intents: await tx.intents.list({ limit: 9 }),
    answers: await tx.intents.rawAnswers(1),
    exceptions: await tx.exceptions.list({ limit: 9 }),
    audit: await tx.audit.list({ limit: 9 }),
    chain: await tx.audit.verifyChain(),
    decision: await tx.decisions.get('d1'),
    person: await tx.vault.get('p1', 'person'),
    leases: await tx.leases.list(),
    circuits: await tx.circuits.broken(),
  }));
}

describe.skipIf(missing !== null).each([
  ['from SQLite to PostgreSQL', file, schema],
  ['from PostgreSQL to SQLite', schema, file],
])(`a copy %s${missing === null ? '' : ` (${missing})`}`, (_ways, first, second) => {
  const copied = async () => {
    const [from, to] = [first(), second()];
    await used(from);
    await copyJournal({ from, to, masterKey, clock });
    return { from, to };
  };

  test('answers every read as the original', async () => {
    const { from, to } = await copied();
    await using original = await open(from);
    await using copy = await open(to);
    expect(await everything(copy)).toEqual(await everything(original));
  });

  test('knows what was done before, and goes on behind it', async () => {
    const { to } = await copied();
    await using copy = await open(to);
    await copy.transaction((tx) => tx.audit.append({ at: noon, actor: 'ann', event: 'order.released', key: 'o1' }));
    expect([
      await copy.transaction((tx) => tx.intents.add(intent('a'))),
      await copy.transaction((tx) => tx.schedules.claimSlot('wave', 'today', noon)),
      (await copy.transaction((tx) => tx.buckets.take('shop', { capacity: 1, refillPerSecond: 0.1 }))).kind,
      await copy.transaction((tx) => tx.intents.add(intent('d'))),
      (await claim(copy)).map(({ id, key }) => [id > 3, key]),
      (await copy.read((tx) => tx.audit.list({ limit: 9 }))).length,
      (await copy.read((tx) => tx.audit.verifyChain())).kind,
    ]).toEqual([
      'known',
      false,
      'later',
      'new',
      [
        [false, 'b'],
        [true, 'd'],
      ],
      4,
      'whole',
    ]);
  });
});

describe('a copy', () => {
  test('is not made while a worker holds an intent', async () => {
    const from = file();
    const journal = await open(from);
    await given(journal, intent('a'));
    await claimOne(journal);
    await journal.close();
    await expect(copyJournal({ from, to: file(), masterKey, clock })).rejects.toMatchObject({ code: 'not-drained' });
  });

  test('is not written into a journal that is in use', async () => {
    const [from, to] = [file(), file()];
    await used(from);
    await used(to);
    await expect(copyJournal({ from, to, masterKey, clock })).rejects.toMatchObject({ code: 'not-empty' });
  });

  test('is not made of a journal that a process still writes', async () => {
    const from = file();
    await using _writer = await open(from);
    await expect(copyJournal({ from, to: file(), masterKey, clock })).rejects.toMatchObject({ code: 'locked' });
  });
});
