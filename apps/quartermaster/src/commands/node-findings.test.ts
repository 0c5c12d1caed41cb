import { releasePolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { nodesFinding } from './node-findings.ts';

const address = {
  name: 'Depot',
  company: null,
  lines: ['Street 1'],
  postalCode: '10115',
  city: 'Berlin',
  region: null,
  country: 'DE',
  phone: null,
  email: null,
};
const labor = { minutesPerShipment: 1, minutesPerLine: 1, minutesPerUnit: 1, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
const node = (id: string, zone: string) => ({ id, kind: 'warehouse' as const, company: 'main', zone, address, cutoff: '15:00', labor });
const lampsIn = (nodes: string[]) => [{ name: 'cage', articles: ['LAMP'], nodes }];

test('qm doctor data checks (warehouse locations): a node without a time zone that is known, or without a pick zone where pick waves are made by zone, is named', () => {
  const nodes = [node('BER', 'Europe/Berlin'), node('HAM', 'Hamburg')];

  const byZone = nodesFinding({ nodes, release: releasePolicySchema.parse({ groupBy: ['zone'], zones: lampsIn(['BER']) }) });
  const byCutoff = nodesFinding({ nodes, release: releasePolicySchema.parse({ groupBy: ['cutoff'], zones: lampsIn(['BER']) }) });

  expect(byZone.problems).toEqual(['The node HAM has no time zone that is known: write one such as Europe/Berlin (`nodes`).']);
  expect(byZone.notes).toEqual(['The node HAM has no pick zone, though pick waves are made by zone: add one (`release.zones`).']);
  expect(byCutoff.notes).toEqual([]);
});
