import { systemClock } from '@quartermaster/connector-kit';
import { loadOrCreateMasterKey, openJournal, parseMasterKey, type JournalReader } from '@quartermaster/journal';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig, readSecret } from '../config.ts';
import { CommandError, exitCodes } from '../exit.ts';

/** Which journal: the one that a config names, or the one in the store of a demo. */
export type WhichJournal = { readonly config: string; readonly store?: string };

/** Opens a journal to read, beside the process that writes it. */
export async function readJournal(which: WhichJournal): Promise<JournalReader> {
  const { path, masterKey } = which.store === undefined ? ofConfig(which.config) : ofStore(which.store);
  return openJournal({ path, masterKey: masterKey(), clock: systemClock, readOnly: true });
}

type Place = { readonly path: string; readonly masterKey: () => Uint8Array };

function ofConfig(configPath: string): Place {
  const { config, directory } = loadConfig(configPath);
  const { path, masterKey } = config.journal;
  return {
    path: resolve(directory, path),
    masterKey: () => parseMasterKey(readSecret(masterKey, directory, 'journal.masterKey'), 'journal.masterKey'),
  };
}

function ofStore(store: string): Place {
  const path = join(store, 'journal.sqlite');
  if (!existsSync(path))
    throw new CommandError(exitCodes.usage, `--store: ${store} holds no journal; 'qm demo --store ${store}' makes one.`);
  return { path, masterKey: () => loadOrCreateMasterKey(join(store, 'master.key')) };
}
