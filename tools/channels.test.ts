import { channelFeatures, channelRules } from '@quartermaster/connector-kit/conformance';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

// The page on channels is written from what the conformance suite saw of each: `npx vitest run --dir tools channels -u` after a change of it.

const root = join(import.meta.dirname, '..');

const recordSchema = z.object({
  channel: z.string(),
  rules: z.int(),
  features: z.record(z.enum(channelFeatures), z.union([z.literal(true), z.string()])),
  safety: z.record(z.string(), z.string().nullable()),
  maxStockBatch: z.int(),
  leastPollMs: z.number(),
});
type Recorded = z.infer<typeof recordSchema>;

const manifests = globSync('packages/channels/*/package.json', { cwd: root }).toSorted();
const recordIn = (manifest: string): Recorded =>
  recordSchema.parse(JSON.parse(readFileSync(join(root, dirname(manifest), 'conformance.json'), 'utf8')));

test('every channel has a record of the conformance suite, and the page on channels is written from them', async () => {
  const records = manifests.map(recordIn);
  await expect(pageOf(records)).toMatchFileSnapshot(join(root, 'docs/channels.md'));
});

function pageOf(records: readonly Recorded[]): string {
  const header = (first: string) => row([first, ...records.map(({ channel }) => channel)]);
  const line = row(['---', ...records.map(() => '---')]);
  const notes: string[] = [];
  const mark = (value: true | string): string => {
    if (value === true) return 'yes';
    if (!notes.includes(value)) notes.push(value);
    return `no (${notes.indexOf(value) + 1})`;
  };
  const features = channelFeatures.map((feature) => row([meaning[feature], ...records.map(({ features: seen }) => mark(seen[feature]))]));
  const effects = Object.keys(effectNames).map((effect) =>
    row([effectNames[effect] ?? effect, ...records.map(({ safety }) => safety[effect] ?? '–')]),
  );
  const figures = [
    row(['levels in one push', ...records.map(({ maxStockBatch }) => String(maxStockBatch))]),
    row(['least time between two readings', ...records.map(({ leastPollMs }) => (leastPollMs === 0 ? '–' : `${leastPollMs / 1_000} s`))]),
    row(['rules kept', ...records.map(({ rules }) => `${rules} of ${channelRules.length}`)]),
  ];
  const rules = channelRules.map(({ title, needs }) => `- ${title}${needs.length === 0 ? '' : ` (${needs.join(', ')})`}`);
  return [
    head,
    [header('what'), line, ...features].join('\n'),
    notes.map((note, index) => `${index + 1}. ${note}`).join('\n'),
    '## How an effect is kept from happening twice',
    [header('effect'), line, ...effects].join('\n'),
    '## Figures',
    [header('figure'), line, ...figures].join('\n'),
    `## The rules\n\nA rule with features behind it is asked only of channels that have them.\n\n${rules.join('\n')}`,
    '',
  ].join('\n\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

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

const effectNames: Readonly<Record<string, string>> = {
  pushStock: 'publish stock',
  confirmShipment: 'confirm a shipment',
  acknowledge: 'acknowledge',
  cancel: 'cancel',
  refund: 'refund',
  capture: 'capture',
};
