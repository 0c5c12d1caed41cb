import { systemClock } from '@quartermaster/connector-kit';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { connectControl, seededRandom } from '@quartermaster/sandbox';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startQm, startSandboxes, temporaryFolder } from '../processes.ts';
import { chosen, tell } from './chosen.ts';
import { auditRows, until } from './progress.ts';
import { readMemory, reckon, reckoningText } from './reckoning.ts';

const { orders, seed, kills } = chosen({ orders: 2_000, seed: 1, kills: 60 });

/** An order that goes the whole way leaves so many rows in the audit trail, on the average of the generated days. */
const rowsPerOrder = 6.5;

test(
  `${orders} orders, ${kills} × kill -9 on a journal file: nothing lost, nothing twice, nothing out of order`,
  { timeout: 1_800_000 },
  async () => {
    const random = seededRandom(seed);
    const sandboxes = await startSandboxes(['--seed', String(seed), '--orders', String(orders)]);
    const folder = temporaryFolder();
    try {
      const path = join(folder.path, 'journal.sqlite');
      const args = ['demo', '--exit', '--json', '--sandbox', sandboxes.portFile, '--store', folder.path];
      const moments = Array.from({ length: kills }, () => random() * orders * rowsPerOrder).sort((a, b) => a - b);
      let killed = 0;
      for (const [index, moment] of moments.entries()) {
        const daemon = startQm(args);
        // One in five dies some time after its start, which may be while it opens the journal; the others at a step of the day, or shortly after.
        if (index % 5 === 4) await Promise.race([wait(200 + random() * 2_500), daemon.finished]);
        else {
          await until(() => auditRows(path) >= moment, daemon.finished);
          await wait(random() * 40);
        }
        daemon.process.kill('SIGKILL');
        if ((await daemon.finished).signal === 'SIGKILL') killed++;
      }
      expect(await startQm(args).finished).toMatchObject({ code: 0 });

      await using journal = await openJournal({
        path,
        masterKey: loadOrCreateMasterKey(join(folder.path, 'master.key')),
        clock: systemClock,
        readOnly: true,
      });
      const result = reckon(await connectControl(sandboxes.controlUrl).snapshot(), await readMemory(journal));
      tell(`SQLite, seed ${seed}, ${killed} kills: ${reckoningText(result)}`);
      expect(killed).toBe(kills);
      const { counts, ...wrong } = result;
      expect(wrong).toEqual({ ordersLost: [], ordersDoubled: [], labelsDoubled: [], confirmedTwice: [], outOfOrder: [] });
      expect(counts.orders).toBe(orders);
      expect(counts.shipped).toBeGreaterThan(orders * 0.8);
      expect(await journal.read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole' });
    } finally {
      await sandboxes.stop();
      folder.remove();
    }
  },
);
