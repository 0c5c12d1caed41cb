import { ConnectorFault, epochMs, isFault, type Clock } from '@quartermaster/domain';
import { z } from 'zod';
import { beforeTheEffect } from './before-the-effect.ts';
import type { Http, HttpReply } from './http.ts';
import { parseReply } from './parse-reply.ts';

/** Gives an access token. Asked again, with the token that the vendor rejected, after a 401. */
export type AccessToken = (given: { readonly rejected: string | null }) => Promise<string>;

/** What a vendor granted: the token, and how long it lives from when it was asked for. */
export type GrantedToken = { readonly token: string; readonly lifeMs: number };

/**
 * Holds one token for all calls until shortly before its end (`renewBeforeMs`, because a call may wait for its turn, and at most half of its life), and renews it by one request however many wait
 * for it.
 */
export function keptToken(given: {
  readonly clock: Clock;
  readonly renewBeforeMs: number;
  readonly grant: () => Promise<GrantedToken>;
}): AccessToken {
  const { clock, renewBeforeMs, grant } = given;
  let held: { readonly token: string; readonly until: number } | null = null;
  let renewing: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const asked = epochMs(clock.now());
    const { token, lifeMs } = await grant();
    held = { token, until: asked + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
    return token;
  }

  return async ({ rejected }) => {
    if (held !== null && held.token !== rejected && epochMs(clock.now()) < held.until) return held.token;
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    return renewing;
  };
}

/** A question for a token by OAuth 2. */
export type TokenQuestion = {
  readonly http: Http;
  readonly connector: string;
  /** Name for faults and events, such as `token.grant`. */
  readonly operation: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly grant: Readonly<Record<string, string>>;
  /** Default `form`, as the standard has it. */
  readonly as?: 'form' | 'json';
  /** Statuses by which the vendor says that the keys are not good; default 400 and 401. */
  readonly refusedBy?: readonly number[];
  /** What such a refusal means in words, and what to do. */
  readonly refusal: (reply: HttpReply) => { readonly message: string; readonly advice: string; readonly vendorCode?: string };
};

/** The answer to such a question (RFC 6749, section 5.1). */
export const tokenAnswerSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/**
 * Asks for a token. That has no effect that could be doubled, so it is repeated as a read is, also after an answer that cannot be read. Throws `unauthorized` where the vendor does not take the keys.
 */
export async function grantedToken(question: TokenQuestion): Promise<GrantedToken> {
  const { http, connector, operation, url, as = 'form', grant, refusedBy = [400, 401] } = question;
  const facts = { connector, operation, outcome: 'not-applied' } as const;
  const reply = await http({
    operation,
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      'content-type': as === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
      ...question.headers,
    },
    body: as === 'form' ? new URLSearchParams(grant).toString() : JSON.stringify(grant),
    repeat: 'always',
    judge(answer) {
      const { status } = answer;
      if (refusedBy.includes(status))
        return new ConnectorFault('unauthorized', { ...facts, retry: { kind: 'never' }, status, ...question.refusal(answer) });
      if (status >= 200 && status < 300) parseReply(tokenAnswerSchema, answer, facts);
      return undefined;
    },
  });
  const granted = parseReply(tokenAnswerSchema, reply, facts);
  return { token: granted.access_token, lifeMs: granted.expires_in * 1_000 };
}

export type TokenCalls = {
  /**
   * Makes a call with the token. A 401 is answered by one new token and the same call once more (nothing was done by the first); not where the vendor grants the very token that it rejected, and not
   * for what is sent `once`, because a new token may take its time: its next attempt has one, or is told that the keys are wrong.
   */
  with<Result>(send: (token: string) => Promise<Result>, sent: { readonly once: boolean }): Promise<Result>;
  /** Asks for a new token, to see that the keys are good. */
  renew(): Promise<void>;
};

/** The calls of a connection, which share one token. */
export function tokenCalls(token: AccessToken): TokenCalls {
  let rejected: string | null = null;
  let last: string | null = null;

  async function next(): Promise<string> {
    last = await beforeTheEffect(() => token({ rejected }));
    return last;
  }

  return {
    async with(send, { once }) {
      const first = await next();
      try {
        return await send(first);
      } catch (error) {
        if (!isFault(error) || error.code !== 'unauthorized') throw error;
        rejected = first;
        if (once) throw askedAgainLater(error);
        const fresh = await next();
        if (fresh === first) throw error;
        return send(fresh);
      }
    },
    async renew() {
      last = await token({ rejected: last });
    },
  };
}

/** The same fault of something that is sent once: its next attempt may go well. */
export function askedAgainLater(fault: ConnectorFault): ConnectorFault {
  return new ConnectorFault(fault.code, { ...fault.facts, retry: { kind: 'safely' } });
}
