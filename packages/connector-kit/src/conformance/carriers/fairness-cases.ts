import { isFault } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import type { SandboxFault } from '../../sandbox/faults.ts';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import type { CarrierRule } from './carrier.ts';
import { liveLabels } from './purchase-cases.ts';
import { askOf } from './rate-cases.ts';
import type { CarrierSubject } from './subject.ts';

const faults: readonly SandboxFault[] = [
  'error-before',
  'malformed-before',
  'unauthorized',
  'drop-before',
  'rate-limited',
  'truncated-after',
];

export const fairnessCases: readonly CarrierRule[] = [
  {
    title: 'no fault shows a secret, nor anything of the people that a parcel goes from and to',
    needs: [],
    async check(subject) {
      for (const fault of faults) {
        const bench = await subject.open({ faults: () => fault });
        const { shipTo, shipFrom } = bench.request;
        const hidden = [...bench.secrets, ...[shipTo, shipFrom].flatMap(({ name, lines, phone, email }) => [name, ...lines, phone, email])];
        const { carrier } = bench;
        for (const call of [() => carrier.rates(askOf(bench)), () => carrier.buy(bench.request, intentMemo()), () => carrier.probe()]) {
          const text = await call().then(
            () => '',
            (error: unknown) => {
              assert.ok(isFault(error), `not a ConnectorFault: ${String(error)}`);
              return `${error.message} ${JSON.stringify(error.facts)}`;
            },
          );
          for (const secret of hidden) assert.ok(secret === null || secret.length < 3 || !text.includes(secret), `${fault}: ${text}`);
        }
      }
    },
  },
  {
    title: 'what the carrier says it has is what it is held to, and what it lacks it does not have',
    needs: [],
    async check(subject) {
      const { carrier } = await subject.open();
      const { labelFormats, returnLabels, customs } = carrier.capabilities;
      const has = {
        pdf: labelFormats.includes('pdf'),
        zpl: labelFormats.includes('zpl'),
        png: labelFormats.includes('png'),
        documents: carrier.documents !== null,
        'found-labels': carrier.labelsSince !== null,
        'address-check': carrier.addressCheck !== null,
        'return-labels': returnLabels,
        customs,
        tracking: carrier.tracking !== null,
        'tracking-push': carrier.trackingPush !== null,
        webhooks: carrier.verifyWebhook !== null,
        pickup: carrier.pickup !== null,
        manifest: carrier.manifest !== null,
      };
      const said = Object.fromEntries(Object.keys(has).map((feature) => [feature, !Object.keys(subject.lacks).includes(feature)]));
      assert.deepEqual(said, has);
      if (subject.lacks.voids !== undefined) await takesNothingBack(subject);
    },
  },
];

/** Who takes no label back says so of a label, with the reason, and the label stays. */
async function takesNothingBack(subject: CarrierSubject): Promise<void> {
  const bench = await subject.open();
  const label = await bench.carrier.buy(bench.request, intentMemo('intent-1'));
  const outcome = await bench.carrier.voidLabel(label, intentMemo('intent-2'));
  assert.ok(outcome.kind === 'refused' && outcome.reason !== '', outcome.kind);
  assert.deepEqual(await liveLabels(bench), [label.trackingNumber]);
}
