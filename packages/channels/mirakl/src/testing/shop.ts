import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, withFaults, type FaultPlan, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { miraklChannel, type MiraklChannelOptions } from '../channel.ts';
import { createMiraklSandbox, type MiraklSandboxOptions, type SandboxAddress } from '../sandbox/index.ts';

export const origin = 'https://otto-markt.mirakl.net';
export const apiKey = 'b7d1c0de-9f7c-4b1a-8d0e-5a1f2e3d4c5b';
export const start = '2026-11-21T09:00:00.000Z';
/** Our nodes, and the shop's warehouses. */
export const warehouses = { BER: 'berlin', PAR: 'paris' };

export const ada: SandboxAddress = {
  firstname: 'Ada',
  lastname: 'Lovelace',
  street_1: 'Analytische Gasse 12',
  zip_code: '53111',
  city: 'Bonn',
  country_iso_code: 'DEU',
  phone: '+49 228 12345',
};

export type ShopGiven = {
  readonly market?: Partial<MiraklSandboxOptions>;
  readonly channel?: Partial<MiraklChannelOptions>;
  readonly start?: string;
  /** Default true; else the channel knows of none, and each offer has one figure of 10. */
  readonly hasWarehouses?: boolean;
  readonly faults?: FaultPlan;
  /** Looks at what goes over the wire. */
  readonly around?: (app: SandboxApp) => SandboxApp;
};

/** A marketplace with MUG and TEA in Berlin and Paris, and a channel to it. */
export function givenShop(given: ShopGiven = {}) {
  const clock = virtualClock(given.start ?? start);
  const market = createMiraklSandbox({
    apiKey,
    shopId: 2_000,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    warehouses: Object.values(warehouses),
    ...given.market,
  });
  const { hasWarehouses = true } = given;
  const stock: Record<string, number> = hasWarehouses ? { berlin: 10, paris: 3 } : { '': 10 };
  market.addOffer({ sku: 'MUG', title: 'Mug', price: 1_290, stock });
  market.addOffer({ sku: 'TEA', title: 'Tea', price: 450, stock });
  const exchanges: HttpEvent[] = [];
  const around = given.around ?? ((app: SandboxApp) => app);
  const channel = miraklChannel({
    connection: 'acme-otto',
    origin,
    apiKey,
    shopId: 2_000,
    ...(hasWarehouses ? { warehouses } : {}),
    carriers: { ups: 'UPS' },
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: withFaults(around(market.app), given.faults ?? (() => null)) }),
    onEvent: (event) => void exchanges.push(event),
    ...given.channel,
  });
  return { clock, market, channel, exchanges };
}
