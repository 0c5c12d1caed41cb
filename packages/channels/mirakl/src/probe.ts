import { epochMs, isFault, type ChannelProbe, type Clock } from '@quartermaster/domain';
import type { MiraklClient } from './client.ts';
import { accountPeriodMs } from './limits.ts';
import { accountSchema, platformSchema } from './wire-operations.ts';

/** Asks the platform what it can do (PC01) and who we are (A01, at most once a day, so it is remembered), and names in words what stands in the way. */
export function probing(
  client: MiraklClient,
  given: { readonly partialShipments: boolean; readonly clock: Clock },
): () => Promise<ChannelProbe> {
  let shop: { readonly name: string; readonly state: string; readonly at: number } | null = null;

  async function readShop(now: number): Promise<typeof shop> {
    if (shop !== null && now - shop.at < accountPeriodMs) return shop;
    try {
      const account = await client.call(
        { operation: 'probe.account', limit: null, method: 'GET', path: '/api/account', kind: 'read' },
        accountSchema,
      );
      return { name: account.shop_name, state: account.shop_state, at: now };
    } catch (error) {
      if (isFault(error) && error.code === 'rate-limited') return shop;
      throw error;
    }
  }

  return async () => {
    const platform = await client.call(
      { operation: 'probe.platform', limit: 'page', method: 'GET', path: '/api/platform/configuration', kind: 'read' },
      platformSchema,
    );
    shop = await readShop(epochMs(given.clock.now()));
    const name = platform.platform_name ?? 'the marketplace';
    const several = platform.features?.shipment?.multi_shipment;
    const problems: string[] = [];
    if (shop !== null && shop.state !== 'OPEN') problems.push(`the shop is not open: ${shop.state}`);
    if (several === false && given.partialShipments)
      problems.push('the platform takes one shipment per order: set partialShipments to false');
    return { account: shop === null ? `a shop on ${name}` : `${shop.name} on ${name}`, problems };
  };
}
