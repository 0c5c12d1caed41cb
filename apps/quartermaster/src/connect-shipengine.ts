import { callGate } from '@quartermaster/connector-kit';
import type { Carrier } from '@quartermaster/domain';
import { shipengineBuckets, shipengineCarrier } from '@quartermaster/shipengine';
import type { Config } from './config.ts';
import type { SecretSource } from './config-words.ts';
import type { LimiterOf, Time } from './connect-words.ts';

type ShipEngineConfig = Extract<Config['carriers'][number], { readonly kind: 'shipengine' }>;

/** ShipEngine of the config. A key for tests has a tenth of the requests. Nothing is sent yet. Throws what `secretOf` throws. */
export function connectShipEngine(
  carrier: ShipEngineConfig,
  given: {
    readonly currency: string;
    readonly secretOf: (source: SecretSource, field: string) => string;
    readonly time: Time;
    readonly limiterOf: LimiterOf;
  },
): Carrier {
  const { connection, tariff } = carrier;
  const apiKey = given.secretOf(carrier.apiKey, 'apiKey');
  return shipengineCarrier({
    connection,
    apiKey,
    currency: given.currency,
    insurance: carrier.insurance,
    carrierIds: carrier.carrierIds,
    gate: callGate(carrier.mostAtOnce),
    limiter: given.limiterOf(shipengineBuckets(connection, { isTest: apiKey.startsWith('TEST_') })),
    ...(carrier.warehouseId === undefined ? {} : { warehouseId: carrier.warehouseId }),
    ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
    serviceMap: Object.fromEntries(
      tariff.services.map(({ carrierService }) => [carrierService, fullService(tariff.carrier, carrierService)]),
    ),
    ...given.time,
  });
}

/** ShipEngine wants carrier and service; a tariff may give both in one, or the service of its own carrier alone. */
function fullService(carrier: string, carrierService: string): string {
  return carrierService.includes('/') ? carrierService : `${carrier}/${carrierService}`;
}
