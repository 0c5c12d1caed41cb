import { grantedToken, keptToken, type AccessToken, type Http } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { connectorName } from './connector-name.ts';

/** Of the seller's own key pair in Walmart's developer portal. */
export type WalmartCredentials = { readonly clientId: string; readonly clientSecret: string };

/** Walmart's live 15 minutes. */
const renewBeforeMs = 120_000;

/** Access tokens by client credentials. */
export function accessTokens(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: WalmartCredentials;
  readonly clock: Clock;
  readonly commonHeaders: () => Readonly<Record<string, string>>;
}): AccessToken {
  const { http, origin, credentials, clock, commonHeaders } = given;
  const grant = () =>
    grantedToken({
      http,
      connector: connectorName,
      operation: 'token.grant',
      url: `${origin}/v3/token`,
      headers: {
        ...commonHeaders(),
        authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
      },
      grant: { grant_type: 'client_credentials' },
      refusal: () => ({
        message: 'Walmart does not take the client id and secret',
        advice: 'Compare them with the key of production (or of the sandbox, for its host) in the developer portal.',
      }),
    });
  return keptToken({ clock, renewBeforeMs, grant });
}
