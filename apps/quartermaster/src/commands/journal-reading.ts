import { systemClock } from '@quartermaster/connector-kit';
import { loadOrCreateMasterKey, openJournal, type Journal, type JournalReader } from '@quartermaster/journal';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingsByJournal, type FlowSettings } from '@quartermaster/flows';
import { flowSettings, loadConfig } from '../config.ts';
import { serviceSkus } from '../connect.ts';
import { CommandError, exitCodes } from '../exit.ts';
import { journalOf, type JournalKeys } from '../journal-place.ts';

/** Which journal: the one that a config names, or the one in the store of a demo. */
export type WhichJournal = { readonly config: string; readonly store?: string };

/** Opens a journal to read, beside the process that writes it. */
export async function readJournal(which: WhichJournal): Promise<JournalReader> {
  const { place, masterKey } = keysOf(which);
  return openJournal({ ...place(), masterKey: masterKey(), clock: systemClock, readOnly: true });
}

/** The settings of a config with the policy that its journal says is in force. */
export async function heldSettings(journal: JournalReader, config: string): Promise<FlowSettings> {
  return settingsByJournal(journal, flowSettings(loadConfig(config).config, serviceSkus));
}

/** Opens a journal to change it: beside the daemons of a PostgreSQL journal, instead of the one of a file. */
export async function writeJournal(which: WhichJournal): Promise<Journal> {
  const { place, masterKey } = keysOf(which);
  return openJournal({ ...place(), masterKey: masterKey(), clock: systemClock });
}

export function keysOf(which: WhichJournal): JournalKeys {
  return which.store === undefined ? journalOf(loadConfig(which.config)) : ofStore(which.store);
}

function ofStore(store: string): JournalKeys {
  const path = join(store, 'journal.sqlite');
  if (!existsSync(path))
    throw new CommandError(exitCodes.usage, `--store: ${store} holds no journal; 'qm demo --store ${store}' makes one.`);
  return { name: path, place: () => ({ path }), masterKey: () => loadOrCreateMasterKey(join(store, 'master.key')) };
}
