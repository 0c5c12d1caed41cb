import { grantedToken, keptToken, type AccessToken, type Http } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';

/** Of an app in UPS's developer portal that is bound to the account. */
export type UpsCredentials = { readonly clientId: string; readonly clientSecret: string };

/** UPS's live four hours. */
const renewBeforeMs = 300_000;

/** One access token by client credentials for all calls. */
export function accessTokens(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: UpsCredentials;
  readonly accountNumber: string;
  readonly clock: Clock;
}): AccessToken {
  const { http, origin, credentials, accountNumber, clock } = given;
  const grant = () =>
    grantedToken({
      http,
      connector,
      operation: 'token.grant',
      url: `${origin}/security/v1/oauth/token`,
      headers: {
        'x-merchant-id': accountNumber,
        authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
      },
      grant: { grant_type: 'client_credentials' },
      refusal: () => ({
        message: 'UPS does not take the client id and secret',
        advice:
          'Compare them with the app in the developer portal, and see that it is bound to the account and the host (test or production).',
      }),
    });
  return keptToken({ clock, renewBeforeMs, grant });
}
