import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openJournal } from '../journal.ts';
import { masterKey, shop, stoppedClock } from './givens.ts';

/** What `crash-writer.ts` has left, for `tools/power-cut.sh`: prints the number of its last fact when the file is sound and every fact up to it is whole; otherwise says what is wrong, with exit code 1. */
const [, , path = ''] = process.argv;
const database = new DatabaseSync(path);
const integrity = database.prepare('pragma integrity_check').get()?.['integrity_check'];
database.close();
const journal = await openJournal({ path, masterKey, clock: stoppedClock });
const { number, arrivals, intents, chain } = await journal.read(async (tx) => ({
  number: (await tx.cursors.get(shop, 'orders', z.object({ number: z.int() })))?.number ?? 0,
  arrivals: (await tx.inbox.pending(1_000_000)).length,
  intents: (await tx.intents.list({ limit: 1_000_000 })).length,
  chain: await tx.audit.verifyChain(),
}));
await journal.close();
const whole = integrity === 'ok' && arrivals === number && intents === number && chain.kind === 'whole' && chain.rows === number;
process.stdout.write(whole ? `${number}\n` : `${JSON.stringify({ integrity, number, arrivals, intents, chain })}\n`);
process.exitCode = whole ? 0 : 1;
