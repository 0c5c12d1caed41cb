import { callGate } from '@quartermaster/connector-kit';
import type { Carrier } from '@quartermaster/domain';
import { upsBuckets, upsCarrier } from '@quartermaster/ups';
import type { Config } from './config.ts';
import type { SecretSource } from './config-words.ts';
import type { LimiterOf, Time } from './connect-words.ts';

type UpsConfig = Extract<Config['carriers'][number], { readonly kind: 'ups' }>;

/** UPS of the config; what the tariff calls a carrier service is UPS's code, such as `03`. Nothing is sent yet. Throws what `secretOf` throws. */
export function connectUps(
  carrier: UpsConfig,
  given: {
    readonly currency: string;
    readonly zone: string;
    readonly secretOf: (source: SecretSource, field: string) => string;
    readonly time: Time;
    readonly limiterOf: LimiterOf;
  },
): Carrier {
  const { connection, accountNumber, baseUrl, webhookCredential } = carrier;
  return upsCarrier({
    connection,
    accountNumber,
    clientId: given.secretOf(carrier.clientId, 'clientId'),
    clientSecret: given.secretOf(carrier.clientSecret, 'clientSecret'),
    currency: given.currency,
    zone: given.zone,
    gate: callGate(carrier.mostAtOnce),
    limiter: given.limiterOf(upsBuckets(connection)),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(webhookCredential === undefined ? {} : { webhookCredentials: [given.secretOf(webhookCredential, 'webhookCredential')] }),
    ...given.time,
  });
}
