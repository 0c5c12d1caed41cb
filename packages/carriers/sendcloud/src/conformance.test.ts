import { carrierConformance, carrierRecord } from '@quartermaster/connector-kit/conformance';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { laxSubject, sendcloudSubject } from './testing/subject.ts';

const cases = carrierConformance(sendcloudSubject);

test.each(cases)('Sendcloud: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test('what the suite saw is what docs/carriers.md is written from', async () => {
  const record = await carrierRecord(sendcloudSubject, cases);
  await expect(`${JSON.stringify(record, null, 2)}\n`).toMatchFileSnapshot(join(import.meta.dirname, '../conformance.json'));
});

const days = carrierConformance(laxSubject).filter(({ title }) => title.startsWith('where ') || title.startsWith('whatever call fails'));

test.each(days)('Sendcloud, if it took a reference twice: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
