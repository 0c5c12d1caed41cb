import { callGate } from '@quartermaster/connector-kit';
import type { Carrier } from '@quartermaster/domain';
import { easypostBuckets, easypostCarrier } from '@quartermaster/easypost';
import { manualCarrier } from '@quartermaster/manual';
import { rateTableCarrier } from '@quartermaster/rate-table';
import type { Config } from './config.ts';
import type { SecretSource } from './config-words.ts';
import type { LimiterOf, Time } from './connect-words.ts';

/** A carrier of the config by its kind. Secrets are read by the field that names them. Nothing is sent yet. */
export function connectCarrier(
  carrier: Config['carriers'][number],
  given: {
    readonly config: Config;
    readonly secretOf: (source: SecretSource, field: string) => string;
    readonly time: Time;
    readonly limiterOf: LimiterOf;
  },
): Carrier {
  const { config, secretOf, time, limiterOf } = given;
  const { connection, tariff } = carrier;
  switch (carrier.kind) {
    case 'rate-table':
      return rateTableCarrier({ connection, tariffs: [tariff], zone: config.zone, clock: time.clock });
    case 'manual':
      return manualCarrier({ connection, tariffs: [tariff], zone: config.zone, clock: time.clock });
    case 'easypost':
      return easypostCarrier({
        connection,
        apiKey: secretOf(carrier.apiKey, 'apiKey'),
        currency: config.currency,
        smartRate: carrier.smartRate,
        gate: callGate(carrier.mostAtOnce),
        limiter: limiterOf(easypostBuckets(connection)),
        ...(carrier.webhookSecret === undefined ? {} : { webhookSecret: secretOf(carrier.webhookSecret, 'webhookSecret') }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
        serviceMap: Object.fromEntries(
          tariff.services.map(({ carrierService }) => [carrierService, easypostService(tariff.carrier, carrierService)]),
        ),
        ...time,
      });
  }
}

/** EasyPost wants carrier and service; a tariff may give both in one, or the service of its own carrier alone. */
function easypostService(carrier: string, carrierService: string): string {
  return carrierService.includes('/') ? carrierService : `${carrier}/${carrierService}`;
}
