import {
  connectOdoo,
  curatedModels,
  lockOf,
  readDrift,
  readSchema,
  sourceOf,
  type Drift,
  type OdooClient,
  type OdooOptions,
  type Schema,
  type WantedModels,
} from '@quartermaster/odoo';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { loadConfig } from '../config.ts';
import { odooOptions, secretsOf } from '../connect.ts';
import { CommandError, exitCodes, systemCode, type ExitCode } from '../exit.ts';
import { readLock } from '../odoo-lock.ts';
import { printJson, type Output } from '../output.ts';
import { systemClock } from '@quartermaster/connector-kit';

export type TypegenOptions = {
  readonly config: string;
  /** An Odoo that is named by itself instead of in a config. */
  readonly odoo: { readonly url: string; readonly database: string; readonly user: string; readonly key: string } | null;
  /** `sale.order` with all fields, or `sale.order:name,state`. */
  readonly model: readonly string[];
  /** JSON file of models: `{"sale.order": ["name"], "res.partner": "all"}`. */
  readonly models?: string;
  readonly out: string;
  readonly lock?: string;
  readonly constant: string;
  readonly check: boolean;
  readonly fromLock: boolean;
  readonly json: boolean;
};

/** `qm typegen`: reads the models of an Odoo and writes their types with a lock; or compares a lock with the Odoo; or writes the types of a lock anew, without any server. */
export async function typegenCommand(given: TypegenOptions, output: Output): Promise<ExitCode> {
  const lockPath = given.lock ?? given.out.replace(/(\.ts)?$/, '.lock.json');
  if (!/^[A-Za-z_$][\w$]*$/.test(given.constant))
    throw new CommandError(exitCodes.usage, `--constant: ${given.constant} is no name of a constant`);
  if (given.check && given.fromLock) throw new CommandError(exitCodes.usage, '--check needs a server, --from-lock none: take one of them');
  if (given.fromLock) return written(given, output, readLock(lockPath), null);
  if (given.check) {
    const lock = readLock(lockPath);
    return checked(given, output, lock, await readDrift(await connected(given), lock));
  }
  const wanted = wantedModels(given);
  const schema = await readSchema(await connected(given), wanted);
  const missing = Object.keys(wanted).filter((model) => schema.models[model] === undefined);
  if (wanted !== curatedModels && missing.length > 0)
    throw new CommandError(exitCodes.usage, `--model: this Odoo has no ${missing.join(', ')}, or the user may not see it`);
  return written(given, output, schema, lockPath);
}

function written(given: TypegenOptions, output: Output, schema: Schema, lockPath: string | null): ExitCode {
  write(given.out, sourceOf(schema, { constant: given.constant }));
  if (lockPath !== null) write(lockPath, lockOf(schema));
  const models = Object.keys(schema.models).length;
  const fields = Object.values(schema.models).flatMap((each) => Object.keys(each)).length;
  if (given.json) printJson(output, { version: schema.version, models, fields, out: given.out, lock: lockPath });
  else {
    output.out(`Odoo ${schema.version}: ${models} models with ${fields} fields\n`);
    output.out(`Wrote ${given.out}${lockPath === null ? '' : ` and ${lockPath}`}.\n`);
  }
  return exitCodes.ok;
}

function checked(given: TypegenOptions, output: Output, lock: Schema, drift: readonly Drift[]): ExitCode {
  const breaking = drift.filter(({ severity }) => severity === 'breaks').length;
  if (given.json) printJson(output, { version: lock.version, same: drift.length === 0, drift });
  else {
    for (const { severity, what } of drift) output.out(`${severity === 'breaks' ? 'BREAKS' : 'tells '}  ${what}\n`);
    output.out(
      drift.length === 0
        ? 'The database is as the lock says.\n'
        : `${drift.length} ${drift.length === 1 ? 'difference' : 'differences'}, ${breaking} of which ${breaking === 1 ? 'breaks' : 'break'} what was generated.\n`,
    );
  }
  return breaking === 0 ? exitCodes.ok : exitCodes.no;
}

function connected({ config, odoo }: TypegenOptions): Promise<OdooClient> {
  return connectOdoo(
    odoo === null ? optionsOfConfig(config) : { url: odoo.url, database: odoo.database, login: odoo.user, secret: { apiKey: odoo.key } },
  );
}

function optionsOfConfig(path: string): OdooOptions {
  const loaded = loadConfig(path);
  return odooOptions(loaded.config, secretsOf(loaded), { clock: systemClock, random: Math.random });
}

const modelsSchema = z.record(z.string(), z.union([z.literal('all'), z.array(z.string()).min(1)]));

/** The models to generate: those that were named, or else the ones that ship with Quartermaster. */
function wantedModels({ model, models }: TypegenOptions): WantedModels {
  const named = Object.fromEntries(model.map(wantedModel));
  const listed = models === undefined ? {} : readModels(models);
  const wanted = { ...listed, ...named };
  return Object.keys(wanted).length === 0 ? curatedModels : wanted;
}

function wantedModel(text: string): [string, readonly string[] | 'all'] {
  const [name = '', fields] = text.split(':');
  const names = fields?.split(',').map((field) => field.trim());
  if (name === '' || names?.includes('') === true)
    throw new CommandError(
      exitCodes.usage,
      `--model: expected a model such as sale.order, or with fields sale.order:name,state; got ${text}`,
    );
  return [name, names ?? 'all'];
}

function readModels(path: string): WantedModels {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CommandError(
      exitCodes.usage,
      `--models: ${path} cannot be read as JSON (${error instanceof SyntaxError ? error.message : systemCode(error)})`,
    );
  }
  const parsed = modelsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(exitCodes.usage, `--models: ${path}: ${issue?.path.join('.') ?? ''}: expected "all" or a list of fields`);
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: cannot be written (${systemCode(error)})`);
  }
}
