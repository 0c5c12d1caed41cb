import { beforeAll, describe, test } from 'vitest';
import { deliveriesBehave } from './testing/behaviour/deliveries.ts';
import { erpBehaves } from './testing/behaviour/erp.ts';
import { realTarget, sandboxTarget, type Target } from './testing/behaviour/target.ts';
import { openWorkbench, type Workbench } from './testing/behaviour/workbench.ts';

// One suite for the emulated Odoos and for a real one, so that what holds in a test holds in production. `npm run test:odoo` runs it alone.

const real = realTarget(process.env);

describe.each([sandboxTarget(17, 'json-rpc'), sandboxTarget(18, 'json-rpc'), sandboxTarget(19, 'json-2'), sandboxTarget(19, 'json-rpc')])(
  '$name',
  behaves,
);

if (typeof real === 'string') test.skip(`a real Odoo: ${real}`);
else describe(real.name, () => behaves(real));

function behaves(target: Target): void {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(target);
  }, 120_000);
  const opened = () => bench;

  describe('the port of the ERP', () => erpBehaves(opened));
  describe('deliveries', () => deliveriesBehave(opened));
}
