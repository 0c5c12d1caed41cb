import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault, type Channel, type PulledOrder, type StockLevel } from '@quartermaster/domain';
import { listDrift } from '../drift/ledger.ts';
import { settle, type Engine } from '../engine.ts';
import { draftErpOrder } from '../erp-draft.ts';
import { somebodyIn } from './people-in-odoo.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

export const wave = '2026-11-23T10:00:00.000Z';
const edited = '2026-11-23T10:30:00.000Z';
export const firstLook = '2026-11-23T11:00:00.000Z';
export const secondLook = '2026-11-23T11:20:00.000Z';
export const thirdLook = '2026-11-23T11:40:00.000Z';

/** What goes wrong between us and the outside, to be switched on at a moment. */
type Troubles = {
  /** Webhooks and readings of the shop bring nothing. */
  deaf: boolean;
  /** Labels are refused, so that orders stay written and reserved. */
  noLabels: boolean;
  /** The shop or the ERP says that it has done what we asked, and has not. */
  lying: boolean;
};
const none: Troubles = { deaf: false, noLabels: false, lying: false };
export const troubles: Troubles = { ...none };
/** Before each test: all goes well until it says otherwise. */
export function noTroubles(): void {
  Object.assign(troubles, none);
}

export async function opened(options: SceneOptions = {}): Promise<Scene> {
  const hardOfHearing = (channel: Channel): Channel => ({
    ...channel,
    async *pullOrders(since) {
      for await (const page of channel.pullOrders(since)) if (!troubles.deaf) yield page;
    },
    confirmShipment: async (request, memo) => (troubles.lying ? { ref: 'none' } : channel.confirmShipment(request, memo)),
  });
  return openScene({
    channel: hardOfHearing,
    carrier: (carrier) => ({
      ...carrier,
      buy: async (request, memo) => {
        if (troubles.noLabels) throw refusal('no label today');
        return carrier.buy(request, memo);
      },
    }),
    ...options,
  });
}

/** An order that is written and reserved in Odoo, and waits there. */
export async function written(scene: Scene, quantity = 2): Promise<string> {
  troubles.noLabels = true;
  const key = scene.order({ lines: [{ sku: 'MUG', quantity }] });
  await scene.at(wave, 'wave');
  scene.clock.advanceTo(edited);
  return key;
}

export async function shipped(scene: Scene): Promise<string> {
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at(wave, 'wave');
  scene.clock.advanceTo(edited);
  return key;
}

/** What the daemon does by this moment: reads the shop, publishes, carries out, compares. */
export async function lookAt(scene: Scene, instant: string, engine = scene.engine) {
  if (instant > scene.clock.now()) scene.clock.advanceTo(instant);
  for (const step of [() => engine.pull('shop'), () => engine.publish(), () => engine.pull('shop'), () => engine.publish()]) {
    await step();
    await settle(engine, scene.clock);
  }
  const report = await engine.reconcile();
  await settle(engine, scene.clock);
  return (
    report?.differences.map(({ difference, verdict, outcome }) => [difference.cause, verdict.kind === 'heal' ? outcome : verdict.why]) ?? []
  );
}

export const ledger = (scene: Scene) => listDrift(scene.journal, { limit: 100 });
export const exceptionCodes = async (scene: Scene) => (await scene.openExceptions()).map(({ code }) => code);

/** An order of which somebody has validated the delivery in Odoo. */
export async function shippedByHand(scene: Scene): Promise<string> {
  const key = await written(scene);
  const ben = await somebodyIn(scene);
  await ben.call('stock.picking', 'button_validate', await ben.pickings());
  return key;
}

export type Somebody = Awaited<ReturnType<typeof somebodyIn>>;

/** An order that left by this engine. */
export async function shippedWith(scene: Scene, engine: Engine): Promise<void> {
  scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await engine.pull('shop');
  scene.clock.advanceTo(wave);
  await engine.wave(wave);
  await settle(engine, scene.clock);
}

async function pulledOrder(scene: Scene, key: string): Promise<PulledOrder> {
  const pulled = await scene.context.channels.get('shop')?.getOrder(idOf(key));
  if (pulled == null) throw new Error('the shop has no such order');
  return pulled;
}

/** The ERP has the order, and the journal that wrote it is gone. */
export async function writtenByTheLostJournal(scene: Scene, key: string): Promise<void> {
  const { order, person } = await pulledOrder(scene, key);
  const { serviceSkus } = scene.context.settings.erp;
  const draft = draftErpOrder({ key: erpKey(scene, key), order, person, nodeOf: () => 'BER', serviceSkus });
  await scene.context.erp.writeOrder(draft, intentMemo('by-hand'));
}

export async function shippedByHandInShop(scene: Scene, key: string): Promise<void> {
  const { order } = await pulledOrder(scene, key);
  const shipment = {
    orderId: order.id,
    node: 'BER',
    lines: order.lines.map((line) => ({ lineId: line.id, units: line.quantity })),
    carrier: 'Somebody',
    trackingNumbers: ['BY-HAND'],
    trackingUrl: null,
    shippedAt: scene.clock.now(),
    notifyCustomer: false,
  };
  await scene.context.channels.get('shop')?.confirmShipment(shipment, intentMemo('by-hand'));
  await scene.engine.pull('shop');
}

export async function published(scene: Scene): Promise<void> {
  await scene.engine.publish();
  await settle(scene.engine, scene.clock);
}

/** Somebody, or another program, sets a figure in the shop. */
export async function setInShop(scene: Scene, level: StockLevel): Promise<void> {
  await scene.context.channels.get('shop')?.pushStock([level], intentMemo(`by-hand-${scene.clock.now()}`));
}

export function idOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

export function erpKey({ context: { settings } }: Scene, key: string) {
  return { scope: { tenant: settings.tenant, company: settings.company, connection: 'shop' }, orderId: idOf(key) };
}

function refusal(message: string): ConnectorFault {
  return new ConnectorFault('refused', { connector: 'house', operation: 'buy', message, outcome: 'not-applied', retry: { kind: 'never' } });
}
