import { parseMasterKey, type JournalPlace } from '@quartermaster/journal';
import { resolve } from 'node:path';
import { readSecret, type LoadedConfig } from './config.ts';

/** Where the journal of a config is and what opens it, read when asked for: both are secrets or next to one. */
export type JournalKeys = {
  /** For people; holds no secret. */
  readonly name: string;
  readonly place: () => JournalPlace;
  readonly masterKey: () => Uint8Array;
};

/** Costs an acknowledgement two milliseconds at most, and halves the commits of a busy daemon (docs/speed.md). */
const commitWaitMs = 2;

/** The journal that a config names. What it gives throws a `CommandError` for a secret that is not there, and a `JournalError` for a master key that is none. */
export function journalOf({ config, directory }: Pick<LoadedConfig, 'config' | 'directory'>): JournalKeys {
  const { path, postgres, masterKey } = config.journal;
  const key = () => parseMasterKey(readSecret(masterKey, directory, 'journal.masterKey'), 'journal.masterKey');
  if (postgres === undefined) {
    const file = resolve(directory, path ?? '');
    return { name: file, place: () => ({ path: file, commitWaitMs }), masterKey: key };
  }
  const { url, ...rest } = postgres;
  const { schema = 'quartermaster', connections } = rest;
  return {
    name: `PostgreSQL, schema ${schema}`,
    place: () => ({
      postgres: { url: readSecret(url, directory, 'journal.postgres.url'), schema, ...(connections === undefined ? {} : { connections }) },
    }),
    masterKey: key,
  };
}
