export { sandboxAccessSchema, type SandboxAccess } from './access.ts';
export { runningClock, type MovableClock } from './clock.ts';
export type { Advance, SandboxControl, ShopWebhook, WebhookDelivery } from './control.ts';
export type { EndState } from './end-state.ts';
export { generateDay } from './generated-day.ts';
export { readOlistDay } from './olist-day.ts';
export { fitFreight, olistCarriers } from './olist/freight.ts';
export { readOlistTables, type OlistOrder, type OlistTables } from './olist/tables.ts';
export { olistWarehouses, type OlistWarehouses } from './olist/warehouses.ts';
export { serviceSkus } from './play/erp.ts';
export { connectControl } from './remote-control.ts';
export { createSandboxes, type Sandboxes, type SandboxesOptions } from './sandboxes.ts';
export { serveSandboxes, type Servable, type ServedSandboxes } from './server.ts';
export { trickleOf, type Trickle } from './trickle.ts';
export { seededRandom, virtualClock } from '@quartermaster/connector-kit/sandbox';
export {
  orderTotalMinor,
  waveTimes,
  worldSchema,
  type OrderEvent,
  type Trouble,
  type World,
  type WorldEvent,
  type WorldLine,
  type WorldOrder,
  type WorldProduct,
  type WorldShop,
  type WorldStock,
} from './world.ts';
