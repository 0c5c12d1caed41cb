import { trackingStanding } from '@quartermaster/fulfilment';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openFollowing, type Following } from '../testing/following.ts';
import { takeCarrierWebhook } from './carrier-webhooks.ts';

const stateOf = async (given: Following) => trackingStanding((await given.parcel()).scans).state;
const waiting = ({ scene }: Following) => scene.journal.read((tx) => tx.counts.waitingRecords('parcel'));

describe('a parcel whose carrier tells by itself', () => {
  test('is where the webhooks say, worked off at the next turn, each once, and asked after seldom', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    const [webhook] = given.scene.easypost.takeWebhooks();
    if (webhook === undefined) throw new Error('no webhook');
    const take = () => takeCarrierWebhook(given.scene.context, 'post', { rawBody: webhook.body, headers: webhook.headers });
    const answers = [await take(), await take()];
    const before = (await given.parcel()).scans;
    await given.follow('2026-11-23T18:01:00.000Z');
    await given.follow('2026-11-24T06:00:00.000Z');

    expect(answers).toEqual([
      { kind: 'taken', known: false },
      { kind: 'taken', known: true },
    ]);
    expect(before).toEqual([]);
    expect(await stateOf(given)).toBe('picked-up');
    expect(given.asked()).toBe(0);
  });

  test('is asked after as any other once nothing has come from the carrier for a day', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    await given.deliver();
    await given.follow('2026-11-23T18:01:00.000Z');
    given.scan('2026-11-24T17:00:00.000Z', 'underway');

    for (const hour of ['06:00', '12:00', '18:00', '18:30']) await given.follow(`2026-11-24T${hour}:00.000Z`);

    expect(await stateOf(given)).toBe('in-transit');
    expect(given.asked()).toBe(1);
  });

  test('is at the same place in whatever order the webhooks come', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    given.scan('2026-11-24T07:00:00.000Z', 'stopped');
    given.scan('2026-11-24T12:00:00.000Z', 'delivered');
    for (const { body, headers } of given.scene.easypost.takeWebhooks().toReversed()) {
      await takeCarrierWebhook(given.scene.context, 'post', { rawBody: body, headers });
      await given.follow('2026-11-24T12:01:00.000Z');
    }

    expect(await stateOf(given)).toBe('delivered');
    expect(await waiting(given)).toEqual(new Map());
    expect(await given.codes()).toEqual([]);
  });

  test('is followed by the next process when one died with its webhooks taken', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    await given.deliver();

    await given.scene.restart().followParcels('post');

    expect(await stateOf(given)).toBe('picked-up');
  });

  test('is not believed of whoever cannot sign, and nothing is kept', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    const [webhook] = given.scene.easypost.takeWebhooks();
    const rawBody = Uint8Array.from([...(webhook?.body ?? []), 32]);

    expect(await takeCarrierWebhook(given.scene.context, 'post', { rawBody, headers: { ...webhook?.headers } })).toEqual({
      kind: 'rejected',
    });
    expect(await takeCarrierWebhook(given.scene.context, 'nobody', { rawBody, headers: {} })).toEqual({ kind: 'unknown-channel' });
    expect(await given.scene.journal.read((tx) => tx.inbox.pending(9))).toEqual([]);
  });

  test('leaves the words of the carrier in the vault only, and none once the person is forgotten', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'following-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const given = await openFollowing({ journal: join(folder, 'journal.db') });
    const { journal, events } = given.scene;
    const { subject, connection, labelRef } = await given.parcel();
    const words = () => journal.read((tx) => tx.vault.get(subject, `tracking/${connection}/${labelRef}`));
    given.scan('2026-11-24T07:00:00.000Z', 'stopped');
    await given.deliver();
    await given.follow('2026-11-24T07:01:00.000Z');
    await given.follow('2026-11-25T08:00:00.000Z');
    const kept = await words();
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
    await journal.transaction((tx) => tx.vault.erase(subject));
    given.scan('2026-11-25T09:00:00.000Z', 'stopped');
    await given.deliver();
    await given.follow('2026-11-26T10:00:00.000Z');
    const after = await words();
    await journal.close();

    expect(kept).toContain('Mr. Smith');
    expect([...files, JSON.stringify(events)].filter((text) => /Smith|FRANCISCO/.test(text))).toEqual([]);
    expect(files.some((text) => text.includes('delivery_exception'))).toBe(true);
    expect(after).toBeNull();
  });
});

describe('a carrier that has to be asked to tell of a parcel', () => {
  const pushing = (asked: string[], endsAt: string | null, takes = true): Parameters<typeof openFollowing>[0] => ({
    carrier: (carrier) => ({
      ...carrier,
      trackingPush: {
        safety: 'natural',
        async make({ trackingNumber }) {
          asked.push(trackingNumber);
          if (!takes) throw new Error('a defect');
          return { ref: trackingNumber, endsAt };
        },
        find: async () => ({ kind: 'absent' }),
      },
    }),
  });

  test('is asked once for each label, and anew before it stops', async () => {
    const asked: string[] = [];
    const given = await openFollowing(pushing(asked, '2026-11-30T10:00:00.000Z'));
    const first = [...asked];
    given.scan('2026-11-24T08:00:00.000Z', 'accepted');
    for (const day of ['24', '25', '26', '27', '28', '29']) {
      await given.follow(`2026-11-${day}T10:30:00.000Z`);
      await given.scene.at(`2026-11-${day}T10:31:00.000Z`);
    }

    expect(first).toEqual([given.number]);
    expect(asked).toEqual([given.number, given.number]);
    expect((await given.parcel()).push).toEqual({ endsAt: '2026-11-30T10:00:00.000Z' });
  });

  test('and does not take it holds up no order: its parcels are asked after, and a person is told once', async () => {
    const asked: string[] = [];
    const given = await openFollowing(pushing(asked, null, false));
    await given.follow('2026-11-23T22:30:00.000Z');

    expect((await given.scene.case(given.order)).state).toBe('shipped');
    expect(await given.codes()).toEqual(['parcels-not-told']);
    expect(given.asked()).toBe(1);
  });
});
