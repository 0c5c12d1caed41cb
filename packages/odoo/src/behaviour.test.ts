import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capabilitiesBehave } from './testing/behaviour/capabilities.ts';
import { batchesBehave } from './testing/behaviour/batches.ts';
import { deallocationBehaves } from './testing/behaviour/deallocation.ts';
import { deliveriesBehave } from './testing/behaviour/deliveries.ts';
import { packingBehaves } from './testing/behaviour/packing.ts';
import { lotsBehave } from './testing/behaviour/lots.ts';
import { dailyRightsSuffice } from './testing/behaviour/daily-rights.ts';
import { twoStepsBehave } from './testing/behaviour/two-steps.ts';
import { wavesBehave } from './testing/behaviour/waves.ts';
import { returnsBehave } from './testing/behaviour/returns.ts';
import { transfersBehave } from './testing/behaviour/transfers.ts';
import { countsBehave } from './testing/behaviour/counts.ts';
import { scrapBehaves } from './testing/behaviour/scrap.ts';
import { ordersBehave } from './testing/behaviour/orders.ts';
import { racesBehave } from './testing/behaviour/races.ts';
import { erpBehaves } from './testing/behaviour/erp.ts';
import { invoicingBehaves } from './testing/behaviour/invoicing.ts';
import { paymentsBehave } from './testing/behaviour/payments.ts';
import { messagesBehave } from './testing/behaviour/messages.ts';
import { purchasingBehaves } from './testing/behaviour/purchasing.ts';
import { todosBehave } from './testing/behaviour/todos.ts';
import { vendorBillsBehave } from './testing/behaviour/vendor-bills.ts';
import { landedCostsBehave } from './testing/behaviour/landed-costs.ts';
import { readsBehave } from './testing/behaviour/reads.ts';
import { stockPositionsBehave } from './testing/behaviour/stock-positions.ts';
import { realTarget, sandboxTarget, type Target } from './testing/behaviour/target.ts';
import { openWorkbench, type Workbench } from './testing/behaviour/workbench.ts';

// One suite for the emulated Odoos and for a real one, so that what holds in a test holds in production. `npm run test:odoo` runs it alone.

const topics: readonly (readonly [string, (bench: () => Workbench) => void])[] = [
  ['capabilities', capabilitiesBehave],
  ['the port of the ERP', erpBehaves],
  ['taking lines back', deallocationBehaves],
  ['waves as batches', batchesBehave],
  ['orders', ordersBehave],
  ['races', racesBehave],
  ['deliveries', deliveriesBehave],
  ['packing', packingBehaves],
  ['lots', lotsBehave],
  ['two-step delivery', twoStepsBehave],
  ['waves', wavesBehave],
  ['returns', returnsBehave],
  ['transfers', transfersBehave],
  ['counts', countsBehave],
  ['scrap', scrapBehaves],
  ['daily rights', dailyRightsSuffice],
  ['reads', readsBehave],
  ['stock reads', stockPositionsBehave],
  ['invoicing', invoicingBehaves],
  ['payments', paymentsBehave],
  ['messages', messagesBehave],
  ['to-dos at orders', todosBehave],
  ['purchasing', purchasingBehaves],
  ['vendor bills', vendorBillsBehave],
  ['landed costs', landedCostsBehave],
];

const real = realTarget(process.env);

describe.each([
  sandboxTarget(17, 'json-rpc'),
  sandboxTarget(18, 'json-rpc'),
  sandboxTarget(19, 'json-2'),
  sandboxTarget(19, 'json-rpc'),
  sandboxTarget(17, 'xml-rpc'),
  sandboxTarget(19, 'xml-rpc'),
])('$name', (target) => {
  behaves(target);
});

describe.each(typeof real === 'string' ? [] : [real])('$name', (target) => {
  behaves(target);
});

// Skipped with its reason as the title, so that a run prints it.
test.skipIf(typeof real === 'string')(`a real Odoo: ${typeof real === 'string' ? real : real.name}`, () => {
  expect(typeof real).toBe('object');
});

function behaves(target: Target): void {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(target);
  }, 120_000);
  afterAll(() => bench.close());
  const opened = () => bench;

  describe.each(topics)('%s', (_topic, topicBehaves) => {
    topicBehaves(opened);
  });
}
