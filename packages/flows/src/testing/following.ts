import { labelSchema } from '@quartermaster/domain';
import type { SandboxScan } from '@quartermaster/easypost/sandbox';
import type { FollowedParcel } from '@quartermaster/fulfilment';
import { takeCarrierWebhook } from '../tracking/carrier-webhooks.ts';
import { findParcel, parcelKey } from '../tracking/parcels.ts';
import type { TakenWebhook } from '../intake/webhooks.ts';
import { withEasyPost } from './givens.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

/** A business that ships by EasyPost, with the parcel of one order labelled at Monday's wave. */
export type Following = {
  readonly scene: Scene;
  readonly order: string;
  /** Tracking number of the parcel. */
  readonly number: string;
  /** How often EasyPost was asked for a tracker so far. */
  readonly asked: () => number;
  /** EasyPost scans the parcel at a moment. */
  readonly scan: (at: string, what: SandboxScan) => void;
  /** EasyPost's webhooks arrive; gives what became of each. */
  readonly deliver: () => Promise<TakenWebhook[]>;
  /** It is a moment, and the daemon follows its parcels. */
  readonly follow: (at: string) => Promise<number | null>;
  readonly parcel: () => Promise<FollowedParcel>;
  readonly codes: () => Promise<string[]>;
};

export const labelledAt = '2026-11-23T10:00:00.000Z';

export async function openFollowing(options: SceneOptions = {}): Promise<Following> {
  let trackers = 0;
  const faults = options.faults?.['easypost'] ?? (() => null);
  const scene = await openScene({
    ...options,
    settings: (given) => (options.settings ?? ((each) => each))(withEasyPost(given)),
    faults: {
      ...options.faults,
      easypost: (call, request) => {
        if (new URL(request.url).pathname === '/v2/trackers') trackers += 1;
        return faults(call, request);
      },
    },
  });
  const order = scene.order();
  await scene.at(labelledAt, 'wave');
  const [shipment] = (await scene.case(order)).shipments;
  const label = labelSchema.parse(shipment?.labels[0]?.label);
  const { settings } = scene.context;
  return {
    scene,
    order,
    number: label.trackingNumber,
    asked: () => trackers,
    scan(at, what) {
      scene.clock.advanceTo(at);
      scene.easypost.scan(label.trackingNumber, what);
    },
    async deliver() {
      const taken: TakenWebhook[] = [];
      for (const { body, headers } of scene.easypost.takeWebhooks())
        taken.push(await takeCarrierWebhook(scene.context, 'post', { rawBody: body, headers }));
      return taken;
    },
    async follow(at) {
      scene.clock.advanceTo(at);
      return scene.engine.followParcels('post');
    },
    async parcel() {
      const found = await scene.journal.read((tx) => findParcel(tx, parcelKey(settings, 'post', label)));
      if (found === null) throw new Error('the label is not followed');
      return found.parcel;
    },
    codes: async () => (await scene.openExceptions()).map(({ code }) => code),
  };
}
