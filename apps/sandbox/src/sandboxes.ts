import type { SandboxAccess } from './access.ts';
import { randomFaults, withFaults, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { MovableClock } from './clock.ts';
import { webhookDeliverySchema, type SandboxControl } from './control.ts';
import { endStateOf } from './play/books.ts';
import { openCarrier, serviceMapOf } from './play/carrier.ts';
import { openErp, serviceSkus } from './play/erp.ts';
import { playEvents } from './play/events.ts';
import { openShop } from './play/shop.ts';
import type { World } from './world.ts';

export type SandboxesOptions = {
  readonly world: World;
  /** The time of all vendors; the control moves it. */
  readonly clock: MovableClock;
  readonly odooVersion: 17 | 18 | 19;
  /** A share of all calls to each vendor goes wrong, half of them after the work was done; the same calls for the same seed. None unless given. */
  readonly faults?: { readonly share: number; readonly seed: number };
  /** `none`: no vendor throttles, to measure a client and not a quota. Default `documented`. */
  readonly quotas?: 'documented' | 'none';
};

export type Sandboxes = {
  readonly world: World;
  /** `odoo`, `easypost`, and each shop by its connection. */
  readonly apps: Readonly<Record<string, SandboxApp>>;
  readonly access: SandboxAccess;
  readonly control: SandboxControl;
};

/** Opens every vendor of a world with what it has before the day begins. All state is in memory. */
export function createSandboxes(options: SandboxesOptions): Sandboxes {
  const { world, clock, odooVersion } = options;
  const erpAccess = { database: 'sandbox', login: 'quartermaster', secret: 'sandbox-odoo-key' };
  const carrierAccess = { apiKey: 'EZTK-sandbox' };
  const erp = openErp(world, odooVersion, erpAccess, clock);
  const carrier = openCarrier(world, carrierAccess, clock);
  const shops = new Map(
    world.shops.map((shop) => {
      const access = { accessToken: `shpat-${shop.connection}`, webhookSecret: `webhooks-of-${shop.connection}` };
      return [shop.connection, { shop, access, sandbox: openShop(world, shop, access, clock, options.quotas) }] as const;
    }),
  );
  const play = playEvents({ world, clock, shops, receive: (receipt) => erp.receive(receipt) });

  return {
    world,
    apps: faulty(
      {
        odoo: erp.app,
        easypost: carrier.app,
        ...Object.fromEntries([...shops].map(([connection, { sandbox }]) => [connection, sandbox.app])),
      },
      options.faults,
    ),
    access: {
      odoo: { ...erpAccess, version: odooVersion, serviceSkus },
      easypost: { ...carrierAccess, serviceMap: serviceMapOf(world) },
      shops: Object.fromEntries(
        [...shops].map(([connection, { shop, access, sandbox }]) => [
          connection,
          {
            ...access,
            shop: shop.shop,
            locations: Object.fromEntries(shop.locations.map(({ node, name }) => [node, sandbox.locationIds[name] ?? ''])),
          },
        ]),
      ),
    },
    control: {
      now: async () => clock.now(),
      advanceTo: async (instant) => play.advanceTo(instant),
      async passTime(instant) {
        clock.advanceTo(instant);
        return clock.now();
      },
      happen: async (events) => play.happen(events),
      snapshot: async () =>
        endStateOf({
          world,
          placed: play.placed,
          shops: new Map([...shops].map(([connection, { shop, sandbox }]) => [connection, { shop, snapshot: sandbox.snapshot() }])),
          erp: erp.snapshot(),
          carrier: carrier.sandbox.snapshot(),
        }),
      world: async () => world,
      async takeWebhooks(given = {}) {
        const delivery = webhookDeliverySchema.parse(given);
        return [...shops].flatMap(([shop, { sandbox }]) => sandbox.takeWebhooks(delivery).map((webhook) => ({ shop, ...webhook })));
      },
    },
  };
}

/** Lays faults over every vendor, each with a seed of its own: one vendor's calls must not decide which of another's fail. */
function faulty(apps: Readonly<Record<string, SandboxApp>>, faults: SandboxesOptions['faults']): Record<string, SandboxApp> {
  if (faults === undefined) return { ...apps };
  return Object.fromEntries(
    Object.entries(apps).map(([name, app], index) => [
      name,
      withFaults(app, randomFaults({ share: faults.share, seed: faults.seed * 1_000 + index })),
    ]),
  );
}
