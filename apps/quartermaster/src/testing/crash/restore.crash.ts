import { systemClock } from '@quartermaster/connector-kit';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { connectControl, seededRandom } from '@quartermaster/sandbox';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runQm, startQm, startSandboxes, temporaryFolder } from '../processes.ts';
import { chosen, tell } from './chosen.ts';
import { auditRows, until } from './progress.ts';
import { isKnownToErp, readMemory, reckon, reckoningText } from './reckoning.ts';

const { orders, seed, kills } = chosen({ orders: 300, seed: 1, kills: 3 });
const rowsPerOrder = 6.5;

test.each(Array.from({ length: kills }, (_, index) => seed + index))(
  `seed %d: ${orders} orders, a backup in the middle of the day, the daemon killed later, the old backup restored: nothing lost, nothing twice`,
  { timeout: 900_000 },
  async (daySeed) => {
    const random = seededRandom(daySeed);
    const sandboxes = await startSandboxes(['--seed', String(daySeed), '--orders', String(orders)]);
    const folder = temporaryFolder();
    try {
      const path = join(folder.path, 'journal.sqlite');
      const backup = join(folder.path, 'backup.sqlite');
      const store = ['--store', folder.path];
      const day = ['demo', '--exit', '--json', '--sandbox', sandboxes.portFile, ...store];
      const backedUpAt = (0.15 + random() * 0.3) * orders * rowsPerOrder;
      const killedAt = backedUpAt + (0.3 + random() * 0.2) * orders * rowsPerOrder;

      const first = startQm(day);
      await until(() => auditRows(path) >= backedUpAt, first.finished);
      expect(await runQm(['backup', backup, ...store])).toMatchObject({ code: 0 });
      const rowsInBackup = auditRows(backup);
      await until(() => auditRows(path) >= Math.max(killedAt, rowsInBackup + 100), first.finished);
      first.process.kill('SIGKILL');
      await first.finished;
      const forgotten = auditRows(path) - rowsInBackup;

      expect(await runQm(['restore', backup, ...store])).toMatchObject({ code: 0, out: expect.stringContaining('before-') });
      const last = await startQm(day).finished;
      expect({ code: last.code, err: last.err.includes('bug') ? last.err : '' }).toEqual({ code: 0, err: '' });

      const masterKey = loadOrCreateMasterKey(join(folder.path, 'master.key'));
      await using journal = await openJournal({ path, masterKey, clock: systemClock, readOnly: true });
      const memory = await readMemory(journal);
      const result = reckon(await connectControl(sandboxes.controlUrl).snapshot(), memory);
      const [found] = (await journal.read((tx) => tx.audit.list({ key: 'journal', limit: 10 }))).filter(
        ({ event }) => event === 'journal.reread',
      );
      const held = memory.cases.filter(isKnownToErp);
      tell(
        `restore, seed ${daySeed}: forgot ${forgotten} audit rows; found ${JSON.stringify(found?.detail)}; held at the end ${held.length} (${held.map(({ holds }) => JSON.stringify(holds)).join('; ')}); ${reckoningText(result)}`,
      );
      const { counts, ...wrong } = result;
      expect(wrong).toEqual({ ordersLost: [], ordersDoubled: [], labelsDoubled: [], confirmedTwice: [], outOfOrder: [] });
      expect(counts.orders).toBe(orders);
      expect(await journal.read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole' });
    } finally {
      await sandboxes.stop();
      folder.remove();
    }
  },
);
