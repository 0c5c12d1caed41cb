import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '@quartermaster/flows';
import { CommandError, exitCodes } from '../exit.ts';

/** Whom a token stands for. */
export type Caller = { readonly name: string; readonly role: Role };

/** Tells who calls by the `Authorization` header; null when nobody is known by it. */
export type Authenticate = (authorization: string | undefined) => Caller | null;

/**
 * Keeps tokens as hashes only, and compares in constant time with every one of them. Throws a `CommandError` for a token that could be guessed, or that two callers have.
 */
export function authentication(tokens: readonly (Caller & { readonly token: string })[]): Authenticate {
  const callers = tokens.map(({ name, role, token }) => {
    if (token.length < shortest)
      throw new CommandError(
        exitCodes.usage,
        `control.tokens: the token of ${name} is shorter than ${shortest} characters; 'openssl rand -hex 32' makes one.`,
      );
    return { caller: { name, role }, hash: hashOf(token) };
  });
  if (new Set(callers.map(({ hash }) => hash.toString('hex'))).size < callers.length)
    throw new CommandError(exitCodes.usage, 'control.tokens: two callers have the same token; give each one of their own.');
  return (authorization) => {
    const presented = hashOf(/^Bearer ([\x21-\x7e]{1,512})$/.exec(authorization ?? '')?.[1] ?? '');
    let found: Caller | null = null;
    for (const { caller, hash } of callers) if (timingSafeEqual(hash, presented)) found = caller;
    return found;
  };
}

/** The names that a listener on `host` is called by: its own, those of the loopback interface, and what the config adds. */
export function hostNames(host: string, more: readonly string[]): ReadonlySet<string> {
  return new Set([host, 'localhost', '127.0.0.1', '[::1]', ...more].map((name) => name.toLowerCase()));
}

/** The host of a `Host` header, without port; null for one that is none. */
export function hostOf(header: string | undefined): string | null {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/.exec((header ?? '').toLowerCase())?.[1] ?? null;
}

/** The host of an `Origin` header; null for one that is none, such as `null`. */
export function originHost(header: string): string | null {
  return URL.canParse(header) ? new URL(header).hostname.toLowerCase() : null;
}

const shortest = 24;

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
