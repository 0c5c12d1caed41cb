import { channelConformance, conformanceRecord } from '@quartermaster/connector-kit/conformance';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { vendureSubject } from './testing/subject.ts';

const cases = channelConformance(vendureSubject);

test.each(cases)('Vendure: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test('what the suite saw is what docs/channels.md is written from', async () => {
  const record = await conformanceRecord(vendureSubject, cases);
  await expect(`${JSON.stringify(record, null, 2)}\n`).toMatchFileSnapshot(join(import.meta.dirname, '../conformance.json'));
});
