import { carrierConformance, carrierRecord } from '@quartermaster/connector-kit/conformance';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dhlParcelDeSubject } from './testing/subject.ts';

const cases = carrierConformance(dhlParcelDeSubject);

test.each(cases)('DHL Parcel DE: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test('what the suite saw is what docs/carriers.md is written from', async () => {
  const record = await carrierRecord(dhlParcelDeSubject, cases);
  await expect(`${JSON.stringify(record, null, 2)}\n`).toMatchFileSnapshot(join(import.meta.dirname, '../conformance.json'));
});
