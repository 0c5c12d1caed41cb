import { expect, test } from 'vitest';
import { createEngine, maturityPolicySchema } from '@quartermaster/flows';
import { openSmallBusiness, operationsOf } from './testing/small-business.ts';
import { serveStatusPage } from './status-page.ts';

const asked = { requestId: 'request-1', by: 'ada', role: 'admin', reason: 'peak week' } as const;

test('the page shows the queue with owner, age and next action, approvals, maturity, policy and what is frozen, and nobody by name', async () => {
  const business = await openSmallBusiness();
  const { context, clock, journal } = business;
  const settings = { ...context.settings, maturity: maturityPolicySchema.parse({ sourcing: 'assist' }) };
  const assisted = { ...business, context: { ...context, settings } };
  const key = await business.order();
  await createEngine(assisted.context).wave('2026-11-23T10:00:00.000Z');
  await operationsOf(assisted).freezeChanges(asked, { until: '2026-11-30T23:00:00.000Z' });
  await journal.transaction((tx) =>
    tx.exceptions.raise({ code: 'refunded-outside', subjectKey: key, owner: 'ben', reason: 'money went back', at: clock.now() }),
  );
  clock.advanceTo('2026-11-23T18:30:00.000Z');
  const page = await serveStatusPage({ host: '127.0.0.1', port: 0, title: 'acme', journal, settings, clock });
  const text = (await (await fetch(page.url)).text()).replaceAll(/\s+/g, ' ');
  await page.close();

  for (const shown of [
    'Frozen until 2026-11-30 23:00</b> by ada: peak week. Policy and modes stay as they are.',
    'Waiting for a person (1)',
    '11 h 30 min, overdue',
    '<td>ben</td>',
    `qm hold ${key}`,
    'Waiting for an approval (1)',
    '#1001: 1 x MUG from BER by house/std, expected to cost',
    '<td>assist</td> <td>not measured</td>',
    'Policy inline,',
  ])
    expect(text).toContain(shown);
  expect(text).not.toMatch(/Ada Example|Invalidenstr|10115/);
});
