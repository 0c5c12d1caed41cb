import { newSchema, stopTimeoutMs, testServer } from '@quartermaster/journal/testing';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { exitCodes } from '../../exit.ts';
import { openBusiness, type Business } from './business.ts';
import { tell } from './chosen.ts';
import { until } from './progress.ts';
import { reckoningText, type Reckoning } from './reckoning.ts';
import { settled } from './settled.ts';
import { smallDisk } from './small-disk.ts';

const server = await testServer();
const missing = 'missing' in server ? server.missing : null;
afterAll(() => ('missing' in server ? undefined : server.stop()), stopTimeoutMs);
const disk = smallDisk(3);
afterAll(() => disk?.remove());

const nothingWrong = { ordersLost: [], ordersDoubled: [], labelsDoubled: [], confirmedTwice: [], outOfOrder: [] };

describe.skipIf(missing !== null)(
  `a replica that was stopped for longer than its leases last${missing === null ? '' : ` (${missing})`}`,
  () => {
    test('writes nothing any more of what others have taken over', { timeout: 1_200_000 }, async () => {
      if ('missing' in server) throw new Error(server.missing);
      const schema = newSchema();
      const business = await opened({
        orders: 80,
        journal: () => ({
          config: { postgres: { url: { env: 'QM_JOURNAL_URL' }, schema } },
          place: { postgres: { url: server.url, schema } },
          secrets: { QM_JOURNAL_URL: server.url },
        }),
      });
      const zombie = business.start();
      await business.beginning(zombie);
      await business.happenUntil(business.world.endsAt);
      await using journal = await business.openToRead();
      const held = () => journal.read((tx) => tx.intents.list({ states: ['leased', 'sent'], limit: 100 }));

      await until(async () => (await held()).length >= 8, zombie.finished);
      zombie.process.kill('SIGSTOP');
      // What it had asked of the database just before comes to its end there.
      await wait(500);
      const his = await held();
      const before = zombie.said();
      const heir = business.start();
      const result = await settled(business, 80);
      const taken = await journal.read((tx) => Promise.all(his.map(({ id }) => tx.intents.get(id))));
      zombie.process.kill('SIGCONT');
      await until(() => his.every(({ key }) => zombie.said().slice(before.length).includes(key)) || zombie.ended(), heir.finished);
      await wait(3_000);

      const after = await journal.read((tx) => Promise.all(his.map(({ id }) => tx.intents.get(id))));
      const awake = zombie.said().slice(before.length);
      tell(
        `zombie: held ${his.length} intents, ${count(awake, 'intent.lease-lost')} times told that it lost a lease; ${reckoningText(result)}`,
      );
      expect(his.length).toBeGreaterThan(0);
      expect(after).toEqual(taken);
      expect(
        his.filter(({ key }) => count(awake, `"intent.done","kind"`) > 0 && new RegExp(`"intent\\.done"[^}]*${escape(key)}"`).test(awake)),
      ).toEqual([]);
      expect(wrongIn(result)).toEqual(nothingWrong);
      expect(wrongIn(await settled(business, 80))).toEqual(nothingWrong);
    });
  },
);

test.skipIf(disk === null)(
  'a daemon whose disk is full ends with a word about it, and goes on once there is room',
  { timeout: 1_200_000 },
  async () => {
    if (disk === null) throw new Error('nothing may be mounted here');
    const path = join(disk.path, 'journal', 'journal.sqlite');
    const business = await opened({ orders: 80, journal: () => ({ config: { path }, place: { path } }) });
    const daemon = business.start();
    await business.beginning(daemon);
    await business.happenUntil(business.world.endsAt);

    const ended = await daemon.finished;
    tell(`full disk: exit code ${ended.code}, ${ended.err.trim()}`);
    expect(ended.code).toBe(exitCodes.journal);
    expect(ended.err).toContain('The disk of the journal is full; make room');

    disk.grow(500);
    business.start();
    const result = await settled(business, 80);
    tell(`full disk, after room was made: ${reckoningText(result)}`);
    expect(wrongIn(result)).toEqual(nothingWrong);
  },
);

test(
  'an order that a webhook told of is taken in by the next start when the daemon was killed right after it had acknowledged',
  { timeout: 600_000 },
  async () => {
    const port = 20_000 + (process.pid % 20_000);
    const business = await opened({
      orders: 20,
      journal: (folder) => {
        const path = join(folder, 'journal', 'journal.sqlite');
        mkdirSync(join(folder, 'journal'));
        return { config: { path }, place: { path } };
      },
      more: { webhooks: { port }, pullEverySeconds: 3_600 },
      waveMinutes: 0,
    });
    const daemon = business.start();
    await business.beginning(daemon);
    await business.happenUntil(business.world.endsAt);
    const webhooks = await business.control.takeWebhooks();
    const created = webhooks.filter(({ topic }) => topic === 'orders/create');

    const answers = await Promise.all(
      created.map(({ shop, headers, body }) =>
        fetch(`http://127.0.0.1:${port}/${shop}`, { method: 'POST', headers, body: Buffer.from(body) }),
      ),
    );
    daemon.process.kill('SIGKILL');
    await daemon.finished;
    expect(answers.map(({ status }) => status)).toEqual(created.map(() => 200));
    const waiting = await pendingWebhooks(business);

    const next = business.start();
    await until(async () => (await pendingWebhooks(business)) === 0, next.finished);
    const result = await business.reckoned();
    tell(
      `webhooks: ${created.length} acknowledged, ${waiting} of them not followed up when the daemon was killed; ${reckoningText(result)}`,
    );
    expect(created.length).toBeGreaterThan(10);
    expect(waiting).toBeGreaterThan(0);
    expect(wrongIn(result)).toEqual(nothingWrong);
  },
);

async function opened(
  given: Pick<Parameters<typeof openBusiness>[0], 'orders' | 'journal' | 'more'> & { readonly waveMinutes?: number },
): Promise<Business> {
  const business = await openBusiness({ seed: 1, waveMinutes: 30, ...given });
  onTestFinished(() => business.stop());
  return business;
}

async function pendingWebhooks(business: Business): Promise<number> {
  await using journal = await business.openToRead();
  return journal.read(async (tx) => (await tx.inbox.pending(1_000)).length);
}

function wrongIn({ counts: _counts, ...wrong }: Reckoning) {
  return wrong;
}

function count(text: string, what: string): number {
  return text.split(what).length - 1;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
