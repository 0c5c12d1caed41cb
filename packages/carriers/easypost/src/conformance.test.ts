import { carrierConformance } from '@quartermaster/connector-kit/conformance';
import { expect, test } from 'vitest';
import { easypostSubject } from './testing/subject.ts';

test.each(carrierConformance(easypostSubject))('EasyPost: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
