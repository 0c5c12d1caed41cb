import { channelConformance } from '@quartermaster/connector-kit/conformance';
import { expect, test } from 'vitest';
import { amazonSubject } from './testing/subject.ts';

test.each(channelConformance(amazonSubject))('Amazon: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
