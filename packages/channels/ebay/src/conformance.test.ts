import { channelConformance } from '@quartermaster/connector-kit/conformance';
import { expect, test } from 'vitest';
import { ebaySubject } from './testing/subject.ts';

test.each(channelConformance(ebaySubject))('eBay: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
