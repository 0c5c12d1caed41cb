import { createHttp, parseReply, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, instantOf, isFault, type Instant } from '@quartermaster/domain';
import { z } from 'zod';
import { connectorName, type ShopifyTokenProvider } from './client.ts';
import { shopDomain } from './identifiers.ts';

/** A token that expires. `refreshToken` is null of one that client credentials gave: they give the next one, too. */
export type ShopifyTokens = {
  readonly accessToken: string;
  readonly expiresAt: Instant;
  readonly refreshToken: string | null;
};

export type ExpiringTokensOptions = SurroundingOptions & {
  /** `acme` or `acme.myshopify.com`. */
  readonly shop: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What was saved last. Null begins with client credentials, which is how an app of the Dev Dashboard is let into its owner's own shop. */
  readonly stored: ShopifyTokens | null;
  /** Keeps the tokens; they are used once it has resolved. A refresh token that was not kept is lost with the connection. */
  readonly save: (tokens: ShopifyTokens) => Promise<void>;
  /** How long before its end a token is renewed, default five minutes. */
  readonly renewBeforeMs?: number;
  /** Default `https://{shop}.myshopify.com`; another one for a sandbox. */
  readonly origin?: string;
};

const operation = 'tokens.renew';
const answerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
});

/**
 * Gives a shop's access token and renews it: before it ends, and when the shop rejects it. However many ask at once, it is renewed once, and nobody gets a token that has not been saved. An
 * expiring offline token (one hour) is renewed by its refresh token, which changes with it; since August 2026 the one before works until the new token is used, so a lost answer can be asked for
 * again. A renewal that fails is no harm while the token lasts. Throws an `unauthorized` fault when the merchant has to let the app in again.
 */
export function expiringTokens(options: ExpiringTokensOptions): ShopifyTokenProvider {
  const surroundings = surroundingsOf(options, {});
  const { clock } = surroundings;
  const renewBeforeMs = options.renewBeforeMs ?? 300_000;
  const http = createHttp({ ...surroundings, connector: connectorName, secrets: [options.clientSecret] });
  const url = `${options.origin ?? `https://${shopDomain(options.shop)}`}/admin/oauth/access_token`;
  let current = options.stored;
  let renewing: Promise<ShopifyTokens> | null = null;

  return async function provide({ rejected }) {
    if (current !== null && current.accessToken !== rejected && lasts(current)) return current.accessToken;
    renewing ??= renew(current).finally(() => {
      renewing = null;
    });
    try {
      return (await renewing).accessToken;
    } catch (error) {
      if (current === null || current.accessToken === rejected || current.expiresAt <= clock.now()) throw error;
      return current.accessToken;
    }
  };

  function lasts({ expiresAt }: ShopifyTokens): boolean {
    return epochMs(expiresAt) - epochMs(clock.now()) > renewBeforeMs;
  }

  async function renew(before: ShopifyTokens | null): Promise<ShopifyTokens> {
    const grant =
      before?.refreshToken == null
        ? { grant_type: 'client_credentials' }
        : { grant_type: 'refresh_token', refresh_token: before.refreshToken };
    const asked = epochMs(clock.now());
    const body = new URLSearchParams({ client_id: options.clientId, client_secret: options.clientSecret, ...grant }).toString();
    const reply = await ask(body);
    const answer = parseReply(answerSchema, reply, { connector: connectorName, operation, outcome: 'not-applied' });
    const fresh: ShopifyTokens = {
      accessToken: answer.access_token,
      expiresAt: instantOf(asked + answer.expires_in * 1_000),
      refreshToken: answer.refresh_token ?? null,
    };
    await options.save(fresh);
    current = fresh;
    return fresh;
  }

  async function ask(body: string) {
    try {
      return await http({
        operation,
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body,
        repeat: 'always',
      });
    } catch (error) {
      if (!isFault(error) || (error.facts.status !== 400 && error.facts.status !== 401)) throw error;
      throw new ConnectorFault('unauthorized', {
        connector: connectorName,
        operation,
        outcome: 'not-applied',
        retry: { kind: 'never' },
        status: error.facts.status,
        message: 'the shop gives this app no token',
        advice:
          'Check client id and secret, and whether the app is still installed; after 90 days without a renewal the merchant has to let it in again.',
      });
    }
  }
}
