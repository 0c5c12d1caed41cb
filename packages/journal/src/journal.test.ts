import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openJournal } from './journal.ts';
import { journalContract } from './testing/journal-contract.ts';
import { masterKey } from './testing/givens.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

journalContract({ home: 'in memory', aloneInIt: true, open: (clock) => openJournal({ path: ':memory:', masterKey, clock }) });

journalContract({
  home: 'in a file',
  aloneInIt: true,
  open: (clock) => openJournal({ path: join(folder, `${(files += 1)}.db`), masterKey, clock }),
});
