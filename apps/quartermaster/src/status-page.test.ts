import { expect, test } from 'vitest';
import { createEngine, flowSettingsSchema, maturityPolicySchema, type FlowSettings } from '@quartermaster/flows';
import { openSmallBusiness, operationsOf, type SmallBusiness } from './testing/small-business.ts';
import { serveStatusPage } from './status-page.ts';

/** The page as it is sent, and as people read it. */
async function pageOf({ journal, clock }: SmallBusiness, settings: FlowSettings): Promise<{ sent: string; read: string }> {
  const page = await serveStatusPage({ host: '127.0.0.1', port: 0, title: 'acme', journal, settings, clock, pullEveryMs: 60_000 });
  const sent = (await (await fetch(page.url)).text()).replaceAll(/\s+/g, ' ');
  await page.close();
  return { sent, read: sent.replaceAll(/<style>.*?<\/style>|<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
}

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
  const { sent, read } = await pageOf(business, settings);

  for (const shown of [
    'Frozen until 2026-11-30 23:00 by ada: peak week. Policy and modes stay as they are.',
    'Waiting for a person (1)',
    '11 h 30 min, overdue',
    'refunded-outside ben money went back',
    `qm hold ${key}`,
    'Waiting for an approval (1)',
    '#1001: 1 x MUG from BER by house/std, expected to cost',
    'sourcing assist not measured',
    'Policy inline,',
    'would save against nearest first',
    'Shipments that wait for the word of a person count as if they had it: 1.',
  ])
    expect(read).toContain(shown);
  expect(sent).not.toMatch(/Ada Example|Invalidenstr|10115/);
});

test('commands in a next action are shown as commands, and what a vendor wrote as text', async () => {
  const business = await openSmallBusiness();
  const { context, clock, journal } = business;
  const key = await business.order();
  await journal.transaction((tx) =>
    tx.exceptions.raise({ code: 'refunded-outside', subjectKey: key, owner: 'ben', reason: '<b>money</b>', at: clock.now() }),
  );

  const { sent } = await pageOf(business, context.settings);

  expect(sent).toContain(`<code>qm hold ${key}`);
  expect(sent).toContain('&lt;b&gt;money&lt;/b&gt;');
  expect(sent).not.toContain('`');
});

test('an order desk sees what is held and by whom, who is overdue, the crew left until the cutoff, and which channel is read too late', async () => {
  const business = await openSmallBusiness();
  const { context, clock, journal } = business;
  const settings = {
    ...context.settings,
    inventory: flowSettingsSchema.shape.inventory.parse({
      syncWindows: { shop: { minutes: 10 } },
      oversell: { errorBudget: { units: 5, days: 30 } },
    }),
    crewDates: { BER: { '2026-11-23': [{ from: '13:00', to: '14:00', people: 1 }] } },
  };
  const world = { ...context, settings };
  await business.order();
  const [name, held] = ['#1002', await business.order()];
  await operationsOf(business).holdOrder({ ...asked, role: 'operator' }, { order: held, owner: 'ben', until: null });
  const engine = createEngine(world);
  await engine.publish();
  await journal.transaction((tx) => tx.exceptions.raise({ code: 'refused', subjectKey: 'x', owner: 'mia', reason: 'no', at: clock.now() }));
  await engine.wave('2026-11-23T07:00:00.000Z');
  clock.advanceTo('2026-11-23T07:30:00.000Z');

  const { read } = await pageOf(business, settings);

  for (const shown of [
    `manual 1 30 min ${name} ben`,
    'mia 1 0 30 min 2026-11-23 15:00 0',
    // 2 minutes for the shipment, 1 for the line, a half for the unit; the crew has an hour until 15:00 in Berlin.
    'BER 11-23 14:00 1 4 57 11-23 12:03 0',
    'shop read too late for its window auto 30 min ago 10 min 30 min',
    'Oversell risk: none. No channel shows more than may be promised. 0 of 5 units of the error budget are spent in 30 days.',
    'Not frozen: policy and modes may be changed.',
  ])
    expect(read).toContain(shown);
});
