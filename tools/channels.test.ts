import { channelFeatures, channelRules } from '@quartermaster/connector-kit/conformance';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { conformancePage, recordFields, recordsUnder } from './conformance-page.ts';

// The page on channels is written from what the conformance suite saw of each: `npx vitest run --dir tools channels -u` after a change of it.

const root = join(import.meta.dirname, '..');

const recordSchema = z.object({
  channel: z.string(),
  ...recordFields(channelFeatures),
  maxStockBatch: z.int(),
  leastPollMs: z.number(),
});

test('every channel has a record of the conformance suite, and the page on channels is written from them', async () => {
  const page = conformancePage({
    head,
    records: recordsUnder(root, 'packages/channels', recordSchema),
    nameOf: ({ channel }) => channel,
    meaning,
    effects,
    figures: [
      ['levels in one push', ({ maxStockBatch }) => String(maxStockBatch)],
      ['least time between two readings', ({ leastPollMs }) => (leastPollMs === 0 ? '–' : `${leastPollMs / 1_000} s`)],
    ],
    rules: channelRules,
    plural: 'channels',
  });
  await expect(page).toMatchFileSnapshot(join(root, 'docs/channels.md'));
});

const head = `# Channels

What each channel connector can do, as the conformance suite of the channel port saw it (\`@quartermaster/connector-kit/conformance\`, ADR 018). This page is written from the records that the suite leaves in
\`packages/channels/*/conformance.json\`; nobody edits it. Every channel reads orders, publishes stock and confirms shipments; what more there is:`;

const meaning: Readonly<Record<(typeof channelFeatures)[number], string>> = {
  'stock-per-node': 'a stock figure for each node',
  'compare-and-set': 'stock is set only over the figure that we know',
  'partial-shipment': 'an order leaves in several shipments',
  'unpaid-orders': 'tells orders that are not paid',
  'order-edits': 'units can be taken out of an order',
  'taxes-on-top': 'tax comes on top of prices',
  'taxes-included': 'prices hold their tax',
  'other-currencies': 'currencies of no and three decimals',
  acknowledge: 'acknowledge an order',
  cancel: 'cancel an order',
  'partial-cancel': 'cancel single units',
  refund: 'refund',
  capture: 'take authorized money',
  returns: 'read returns',
  listings: 'read listings',
  'listings-without-sku': 'a listing may have no SKU, and is told',
  'duplicate-skus': 'several listings may share a SKU, and are told',
  webhooks: 'webhooks',
  'signed-webhooks': 'a webhook is signed byte by byte',
  subscriptions: 'subscriptions are watched and put right',
};

const effects: Readonly<Record<string, string>> = {
  pushStock: 'publish stock',
  confirmShipment: 'confirm a shipment',
  acknowledge: 'acknowledge',
  cancel: 'cancel',
  refund: 'refund',
  capture: 'capture',
};
