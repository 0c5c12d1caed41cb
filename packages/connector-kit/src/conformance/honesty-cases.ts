import assert from 'node:assert/strict';
import type { ChannelRule } from './channel.ts';

export const honestyCases: readonly ChannelRule[] = [
  {
    title: 'what the channel says it has is what it is held to, and what it lacks it does not have',
    needs: [],
    async check(subject) {
      const { channel } = await subject.open();
      const { capabilities } = channel;
      const has = {
        'stock-per-node': capabilities.stockPerNode,
        'compare-and-set': capabilities.compareAndSet,
        'partial-shipment': capabilities.partialShipment,
        'partial-cancel': capabilities.partialCancel,
        webhooks: capabilities.webhooks,
        acknowledge: channel.acknowledgement !== null,
        cancel: channel.cancellation !== null,
        refund: channel.refund !== null,
        capture: channel.capture !== null,
        returns: channel.returns !== null,
        listings: channel.listings !== null,
        subscriptions: channel.subscriptions !== null,
      } as const;
      const said = Object.fromEntries(Object.keys(has).map((feature) => [feature, !Object.keys(subject.lacks).includes(feature)]));
      assert.deepEqual(said, has);
    },
  },
];
