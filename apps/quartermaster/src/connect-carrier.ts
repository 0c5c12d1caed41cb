import { callGate } from '@quartermaster/connector-kit';
import { dhlExpressBuckets, dhlExpressCarrier } from '@quartermaster/dhl-express';
import { dhlParcelBuckets, dhlParcelDeCarrier } from '@quartermaster/dhl-parcel-de';
import type { Carrier } from '@quartermaster/domain';
import { easypostBuckets, easypostCarrier } from '@quartermaster/easypost';
import { fedexBuckets, fedexCarrier } from '@quartermaster/fedex';
import { manualCarrier } from '@quartermaster/manual';
import { rateTableCarrier } from '@quartermaster/rate-table';
import { sendcloudBuckets, sendcloudCarrier } from '@quartermaster/sendcloud';
import { shipengineBuckets, shipengineCarrier } from '@quartermaster/shipengine';
import { isTestKey, shippoBuckets, shippoCarrier } from '@quartermaster/shippo';
import { upsBuckets, upsCarrier } from '@quartermaster/ups';
import { uspsBuckets, uspsCarrier } from '@quartermaster/usps';
import type { CarrierConfig } from './carrier-config.ts';
import type { SecretSource } from './config-words.ts';
import type { LimiterOf, Time } from './connect-words.ts';

/** A carrier of the config by its kind. Secrets are read by the field that names them. Nothing is sent yet. */
export function connectCarrier(
  carrier: CarrierConfig,
  given: {
    readonly currency: string;
    readonly zone: string;
    readonly secretOf: (source: SecretSource, field: string) => string;
    readonly time: Time;
    readonly limiterOf: LimiterOf;
  },
): Carrier {
  const { currency, zone, secretOf, time, limiterOf } = given;
  const { connection, tariff } = carrier;
  const reaching = { connection, currency, gate: callGate(carrier.mostAtOnce), ...time };
  switch (carrier.kind) {
    case 'rate-table':
      return rateTableCarrier({ connection, tariffs: [tariff], zone, clock: time.clock });
    case 'manual':
      return manualCarrier({ connection, tariffs: [tariff], zone, clock: time.clock });
    case 'easypost':
      return easypostCarrier({
        ...reaching,
        apiKey: secretOf(carrier.apiKey, 'apiKey'),
        smartRate: carrier.smartRate,
        limiter: limiterOf(easypostBuckets(connection)),
        serviceMap: fullServices(carrier),
        ...(carrier.webhookSecret === undefined ? {} : { webhookSecret: secretOf(carrier.webhookSecret, 'webhookSecret') }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    case 'shipengine': {
      const apiKey = secretOf(carrier.apiKey, 'apiKey');
      return shipengineCarrier({
        ...reaching,
        apiKey,
        insurance: carrier.insurance,
        carrierIds: carrier.carrierIds,
        // A key for tests has a tenth of the requests.
        limiter: limiterOf(shipengineBuckets(connection, { isTest: apiKey.startsWith('TEST_') })),
        serviceMap: fullServices(carrier),
        ...(carrier.warehouseId === undefined ? {} : { warehouseId: carrier.warehouseId }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    }
    case 'shippo': {
      const apiKey = secretOf(carrier.apiKey, 'apiKey');
      // What a tariff calls a service is Shippo's own token of it: tokens tell the carrier already.
      return shippoCarrier({
        ...reaching,
        apiKey,
        carrierAccounts: carrier.carrierAccounts,
        limiter: limiterOf(shippoBuckets(connection, { isTest: isTestKey(apiKey) })),
        ...(carrier.usualBox === undefined ? {} : { usualBox: carrier.usualBox }),
        ...(carrier.webhookSecret === undefined ? {} : { webhookSecret: secretOf(carrier.webhookSecret, 'webhookSecret') }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    }
    case 'ups':
      return upsCarrier({
        ...reaching,
        zone,
        accountNumber: carrier.accountNumber,
        clientId: secretOf(carrier.clientId, 'clientId'),
        clientSecret: secretOf(carrier.clientSecret, 'clientSecret'),
        limiter: limiterOf(upsBuckets(connection)),
        ...(carrier.webhookCredential === undefined
          ? {}
          : { webhookCredentials: [secretOf(carrier.webhookCredential, 'webhookCredential')] }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    case 'fedex':
      return fedexCarrier({
        ...reaching,
        zone,
        accountNumber: carrier.accountNumber,
        clientId: secretOf(carrier.clientId, 'clientId'),
        clientSecret: secretOf(carrier.clientSecret, 'clientSecret'),
        limiter: limiterOf(fedexBuckets(connection)),
        ...(carrier.webhookToken === undefined ? {} : { webhookTokens: [secretOf(carrier.webhookToken, 'webhookToken')] }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    case 'dhl-express':
      return dhlExpressCarrier({
        ...reaching,
        zone,
        accountNumber: carrier.accountNumber,
        username: secretOf(carrier.username, 'username'),
        password: secretOf(carrier.password, 'password'),
        paperlessTrade: carrier.paperlessTrade,
        limiter: limiterOf(dhlExpressBuckets(connection)),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    case 'sendcloud':
      return sendcloudCarrier({
        ...reaching,
        publicKey: secretOf(carrier.publicKey, 'publicKey'),
        secretKey: secretOf(carrier.secretKey, 'secretKey'),
        limiter: limiterOf(sendcloudBuckets(connection)),
        serviceMap: fullServices(carrier, ':'),
        ...(carrier.webhookSecret === undefined ? {} : { webhookSecrets: [secretOf(carrier.webhookSecret, 'webhookSecret')] }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    case 'usps':
      return uspsCarrier({
        ...reaching,
        zone,
        clientId: secretOf(carrier.clientId, 'clientId'),
        clientSecret: secretOf(carrier.clientSecret, 'clientSecret'),
        account: {
          crid: carrier.crid,
          mid: carrier.mid,
          manifestMid: carrier.manifestMid ?? carrier.mid,
          pays: carrier.pays,
          hasContract: carrier.contract,
        },
        limiter: limiterOf(uspsBuckets(connection, { callsPerHour: carrier.callsPerHour })),
        ...(carrier.webhookSecret === undefined ? {} : { webhookSecrets: [secretOf(carrier.webhookSecret, 'webhookSecret')] }),
        ...(carrier.baseUrl === undefined ? {} : { baseUrl: carrier.baseUrl }),
      });
    case 'dhl-parcel-de':
      return dhlParcelDe(carrier, given);
  }
}

function dhlParcelDe(
  carrier: CarrierConfig & { readonly kind: 'dhl-parcel-de' },
  { zone, secretOf, time, limiterOf }: Parameters<typeof connectCarrier>[1],
): Carrier {
  const { connection, tariff, trackingUser, pickupBillingNumber, profile, costCenter, printFormat, baseUrl } = carrier;
  const { signature, adultSignature, insurance } = carrier.extraServices;
  return dhlParcelDeCarrier({
    connection,
    zone,
    gate: callGate(carrier.mostAtOnce),
    ...time,
    limiter: limiterOf(dhlParcelBuckets(connection)),
    user: secretOf(carrier.user, 'user'),
    password: secretOf(carrier.password, 'password'),
    apiKey: secretOf(carrier.apiKey, 'apiKey'),
    ...(carrier.apiSecret === undefined ? {} : { apiSecret: secretOf(carrier.apiSecret, 'apiSecret') }),
    billingNumbers: carrier.billingNumbers,
    tariffs: [tariff],
    returnReceivers: carrier.returnReceivers,
    extraServices: {
      ...(signature === undefined ? {} : { signature }),
      ...(adultSignature === undefined ? {} : { adultSignature }),
      ...(insurance === undefined ? {} : { insurance }),
    },
    mustEncode: carrier.mustEncode,
    tellsRecipient: carrier.tellsRecipient,
    ...(trackingUser === undefined
      ? {}
      : {
          trackingUser: {
            user: secretOf(trackingUser.user, 'trackingUser.user'),
            password: secretOf(trackingUser.password, 'trackingUser.password'),
          },
        }),
    ...(pickupBillingNumber === undefined ? {} : { pickupBillingNumber }),
    ...(profile === undefined ? {} : { profile }),
    ...(costCenter === undefined ? {} : { costCenter }),
    ...(printFormat === undefined ? {} : { printFormat }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
}

/** Who sells several carriers wants carrier and service; a tariff may give both in one, or the service of its own carrier alone. */
function fullServices({ tariff }: CarrierConfig, between = '/'): Readonly<Record<string, string>> {
  const full = (service: string) => (service.includes(between) ? service : `${tariff.carrier}${between}${service}`);
  return Object.fromEntries(tariff.services.map(({ carrierService }) => [carrierService, full(carrierService)]));
}
