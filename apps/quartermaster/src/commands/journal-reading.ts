import { JournalError, openJournal, parseMasterKey, type JournalReader } from '@quartermaster/journal';
import { systemClock } from '@quartermaster/connector-kit';
import { resolve } from 'node:path';
import { loadConfig, readSecret, type LoadedConfig } from '../config.ts';
import { CommandError, exitCodes } from '../exit.ts';

/** Opens the journal that a config names, to read. */
export async function readJournal(configPath: string): Promise<{ readonly loaded: LoadedConfig; readonly journal: JournalReader }> {
  const loaded = loadConfig(configPath);
  const { path, masterKey } = loaded.config.journal;
  const journal = await opening(() =>
    openJournal({
      path: resolve(loaded.directory, path),
      masterKey: parseMasterKey(readSecret(masterKey, loaded.directory, 'journal.masterKey'), 'journal.masterKey'),
      clock: systemClock,
      readOnly: true,
    }),
  );
  return { loaded, journal };
}

/** Turns a journal's own error into the command's. */
export async function opening<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof JournalError) throw new CommandError(exitCodes.journal, error.message);
    throw error;
  }
}
