import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openJournal } from './journal.ts';
import { journalContract } from './testing/journal-contract.ts';
import { masterKey, stoppedClock } from './testing/givens.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

journalContract({ home: 'in memory', open: () => openJournal({ path: ':memory:', masterKey, clock: stoppedClock }) });

journalContract({
  home: 'in a file',
  open: () => openJournal({ path: join(folder, `${(files += 1)}.db`), masterKey, clock: stoppedClock }),
});
