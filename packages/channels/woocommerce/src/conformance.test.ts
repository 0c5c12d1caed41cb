import { channelConformance } from '@quartermaster/connector-kit/conformance';
import { expect, test } from 'vitest';
import { wooCommerceFulfillmentsSubject, wooCommerceSubject } from './testing/subject.ts';

test.each(channelConformance(wooCommerceSubject))('WooCommerce: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test.each(channelConformance(wooCommerceFulfillmentsSubject))('WooCommerce with fulfilments, over http: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
