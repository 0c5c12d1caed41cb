import { newSchema, stopTimeoutMs, testServer } from '@quartermaster/journal/testing';
import { seededRandom } from '@quartermaster/sandbox';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { openBusiness } from './business.ts';
import { chosen, tell } from './chosen.ts';
import { until } from './progress.ts';
import { reckoningText } from './reckoning.ts';
import { settled } from './settled.ts';

const { orders, seed, kills } = chosen({ orders: 2_000, seed: 1, kills: 30 });
/** An order that goes the whole way leaves so many rows in the audit trail, on the average of the generated days. */
const rowsPerOrder = 6.5;
/** Where nothing goes on for longer than the lease of a dead reader lasts (a wave's lasts longer) the next one is killed all the same. */
const longestPauseMs = 75_000;
const server = await testServer();
const missing = 'missing' in server ? server.missing : null;
afterAll(() => ('missing' in server ? undefined : server.stop()), stopTimeoutMs);

describe.skipIf(missing !== null)(`three replicas on PostgreSQL${missing === null ? '' : ` (${missing})`}`, () => {
  test(`${orders} orders, ${kills} × kill -9: nothing lost, nothing twice, nothing out of order`, { timeout: 2_400_000 }, async () => {
    if ('missing' in server) throw new Error(server.missing);
    const schema = newSchema();
    const business = await openBusiness({
      seed,
      orders,
      waveMinutes: 60,
      journal: () => ({
        config: { postgres: { url: { env: 'QM_JOURNAL_URL' }, schema } },
        place: { postgres: { url: server.url, schema } },
        secrets: { QM_JOURNAL_URL: server.url },
      }),
    });
    try {
      const random = seededRandom(seed);
      const daemons = [business.start()];
      // The first makes the tables, and notes from when on each shop is read.
      for (const first of daemons) await business.beginning(first);
      daemons.push(business.start(), business.start());

      let killed = 0;
      const { events } = business.world;
      const moments = Array.from({ length: kills }, () => random() * orders * rowsPerOrder).sort((one, other) => one - other);
      await using reader = await business.openToRead();
      const rows = async () => (await reader.read((tx) => tx.audit.last()))?.seq ?? 0;
      for (const [index, moment] of moments.entries()) {
        // Customers come during the first half of the kills.
        const latest = events[Math.min(events.length - 1, Math.ceil((events.length * 2 * (index + 1)) / kills))];
        if (latest !== undefined) await business.happenUntil(latest.at);
        const which = Math.floor(random() * daemons.length);
        const victim = daemons[which];
        if (victim === undefined) throw new RangeError('no such daemon');
        await until(() => victim.said().includes('daemon.started'), victim.finished);
        let seen = { rows: await rows(), at: performance.now() };
        await until(async () => {
          const now = await rows();
          if (now > seen.rows) seen = { rows: now, at: performance.now() };
          return now >= moment || performance.now() > seen.at + longestPauseMs;
        }, victim.finished);
        await wait(random() * 1_000);
        victim.process.kill('SIGKILL');
        if ((await victim.finished).signal === 'SIGKILL') killed++;
        daemons[which] = business.start();
      }
      await business.happenUntil(business.world.endsAt);
      const result = await settled(business, orders);
      tell(`PostgreSQL, three replicas, seed ${seed}, ${killed} kills: ${reckoningText(result)}`);
      const { counts, ...wrong } = result;
      expect(wrong).toEqual({ ordersLost: [], ordersDoubled: [], labelsDoubled: [], confirmedTwice: [], outOfOrder: [] });
      expect(killed).toBe(kills);
      expect(counts.orders).toBe(orders);
      expect(counts.shipped).toBeGreaterThan(orders * 0.7);
      await using journal = await business.openToRead();
      expect(await journal.read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole' });
    } finally {
      await business.stop();
    }
  });
});
