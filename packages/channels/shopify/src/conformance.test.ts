import { channelConformance } from '@quartermaster/connector-kit/conformance';
import { expect, test } from 'vitest';
import { shopifySubject } from './testing/subject.ts';

test.each(channelConformance(shopifySubject))('Shopify: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
