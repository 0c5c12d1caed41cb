import { carrierFeatures, carrierRules } from '@quartermaster/connector-kit/conformance';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { conformancePage, recordFields, recordsUnder } from './conformance-page.ts';

// The page on carriers is written from what the conformance suite saw of each: `npx vitest run --dir tools carriers -u` after a change of it.

const root = join(import.meta.dirname, '..');

const recordSchema = z.object({
  carrier: z.string(),
  ...recordFields(carrierFeatures),
  chargeEvent: z.string(),
  voidDays: z.int().nullable(),
});

test('every carrier has a record of the conformance suite, and the page on carriers is written from them', async () => {
  const page = conformancePage({
    head,
    records: recordsUnder(root, 'packages/carriers', recordSchema),
    nameOf: ({ carrier }) => carrier,
    meaning,
    effects: { buy: 'buy a label', voidLabel: 'give a label back' },
    figures: [
      ['a label costs money', ({ chargeEvent }) => chargeEvent.replace('-', ' ')],
      ['days to give it back', ({ voidDays }) => (voidDays === null ? '–' : String(voidDays))],
    ],
    rules: carrierRules,
    plural: 'carriers',
  });
  await expect(page).toMatchFileSnapshot(join(root, 'docs/carriers.md'));
});

const head = `# Carriers

What each carrier connector can do, as the conformance suite of the carrier port saw it (\`@quartermaster/connector-kit/conformance\`, ADR 019). This page is written from the records that the suite leaves in
\`packages/carriers/*/conformance.json\`; nobody edits it. Every carrier rates, sells labels and tells whether one was bought; what more there is:`;

const meaning: Readonly<Record<(typeof carrierFeatures)[number], string>> = {
  charges: 'a price has its parts',
  pdf: 'labels as PDF',
  zpl: 'labels as ZPL',
  png: 'labels as PNG',
  documents: 'the document of a label once more',
  'found-labels': 'lists the labels that were bought, by our keys',
  'address-check': 'checks an address',
  'return-labels': 'labels for the way back',
  customs: 'parcels over a customs border',
  tracking: 'tells where a parcel is',
  'tracking-push': 'a parcel is subscribed to be told of',
  webhooks: 'webhooks',
  'signed-webhooks': 'a webhook is signed byte by byte',
  pickup: 'fetches parcels',
  manifest: 'takes the labels of a day over on a form',
  'partial-answers': 'refuses some of several in one answer, and is understood',
  'failures-as-success': 'says failures with a status of success, and is understood',
  voids: 'takes labels back',
  'refused-voids': 'may refuse to take a label back, and is understood',
};
