import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openJournal } from './journal.ts';
import { masterKey, shop, stoppedClock } from './testing/givens.ts';
import { startWriter, type Writer } from './testing/processes.ts';

const position = z.object({ number: z.int() });

describe('a writer that is killed', () => {
  let folder: string;
  let path: string;
  let writer: Writer | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-crash-'));
    path = join(folder, 'journal.db');
  });
  afterEach(async () => {
    await writer?.kill();
    rmSync(folder, { recursive: true });
  });

  test('has lost nothing that it acknowledged and half-written nothing, six times over', async () => {
    let next = 1;
    for (const facts of [1, 3, 8, 15, 21, 34]) {
      writer = startWriter(path, next);
      await writer.acknowledged(facts);
      const acknowledged = await writer.kill();
      const written = await standing(path);
      expect(written.number).toBeGreaterThanOrEqual(acknowledged);
      expect(written).toEqual(wholeUpTo(written.number));
      next = written.number + 1;
    }
    expect(integrityOf(path)).toBe('ok');
  });

  test('keeps a second writer out while it lives, and not a moment longer', async () => {
    writer = startWriter(path, 1);
    await writer.acknowledged(1);
    await expect(openJournal({ path, masterKey, clock: stoppedClock })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('process '),
    });
    await writer.kill();
    await using journal = await openJournal({ path, masterKey, clock: stoppedClock });
    expect(await journal.transaction((tx) => tx.schedules.claimSlot('after', 'the crash', '2026-11-21T12:00:00.000Z'))).toBe(true);
  });

  test.each([
    ['while it writes', false],
    ['when it is dead, before any other writer came', true],
  ])('may be read %s', async (_when, dead) => {
    writer = startWriter(path, 1);
    await writer.acknowledged(1);
    if (dead) await writer.kill();
    await using reader = await openJournal({ path, masterKey, clock: stoppedClock, readOnly: true });
    const [cursor, facts] = await reader.read(
      async (tx) => [await tx.cursors.get(shop, 'orders', position), await tx.inbox.pending(1_000_000)] as const,
    );
    expect(facts.length).toBe(cursor?.number);
  });
});

type Standing = {
  readonly number: number;
  readonly arrivals: number;
  readonly intents: number;
  readonly chain: unknown;
  readonly lastName: string | null;
};

/** Opens the journal as the next writer would, and sums up what is in it. */
async function standing(path: string): Promise<Standing> {
  await using journal = await openJournal({ path, masterKey, clock: stoppedClock });
  return journal.read(async (tx) => {
    const { number } = (await tx.cursors.get(shop, 'orders', position)) ?? { number: 0 };
    const chain = await tx.audit.verifyChain();
    return {
      number,
      arrivals: (await tx.inbox.pending(1_000_000)).length,
      intents: (await tx.intents.list({ limit: 1_000_000 })).length,
      chain: chain.kind === 'whole' ? chain.rows : chain,
      lastName: await tx.vault.get(`person ${number}`, 'name'),
    };
  });
}

function wholeUpTo(number: number): Standing {
  return { number, arrivals: number, intents: number, chain: number, lastName: `intent ${number}` };
}

function integrityOf(path: string): unknown {
  const database = new DatabaseSync(path);
  try {
    return database.prepare('pragma integrity_check').get()?.['integrity_check'];
  } finally {
    database.close();
  }
}
