import { policySections, readPolicy, sectionsIn, type PolicyProblem, type PolicySections } from '@quartermaster/flows';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CommandError, exitCodes, systemCode } from './exit.ts';

/** A policy that was read from somewhere: what it is called, and what it says of its sections. */
export type NamedPolicy = { readonly name: string; readonly sections: PolicySections };

/**
 * Reads a policy file: YAML (`.yaml`, `.yml`), JSON, or a module (`.ts`, `.mts`, `.mjs`, `.js`) that exports `policy`, which is run. Throws a `CommandError` that names every wrong field and what was
 * expected there.
 */
export function loadPolicy(path: string): NamedPolicy {
  const read = readPolicy(valueOf(path));
  if (read.kind === 'wrong') throw wrongPolicy(path, read.problems);
  return read;
}

const withPathSchema = z.looseObject({ policy: z.string().min(1) });

/** The JSON of a config with the policy of its file in the place of the path; JSON without such a path is as it was. Throws what {@link loadPolicy} throws, and for a section that stands in both. */
export function withPolicyFile(json: unknown, directory: string): unknown {
  const config = withPathSchema.safeParse(json);
  if (!config.success) return json;
  const path = resolve(directory, config.data.policy);
  const { name, sections } = loadPolicy(path);
  refuseTwice(config.data, sections, path);
  return { ...config.data, policy: { version: 1, name, ...sections } };
}

const withPolicySchema = z.looseObject({ policy: z.looseObject({ version: z.unknown() }) });

/** The JSON of a config in which a policy stands, with its sections as those of the config. Throws a `CommandError` for a policy that is not right, or a section that is said twice. */
export function withPolicySections(json: unknown, name: string): unknown {
  const config = withPolicySchema.safeParse(json);
  if (!config.success) return json;
  const { policy, ...rest } = config.data;
  const read = readPolicy(policy);
  if (read.kind === 'wrong') throw wrongPolicy(`${name}, policy`, read.problems);
  refuseTwice(rest, read.sections, 'its policy');
  return { ...rest, ...read.sections, policy: { name: read.name, sections: sectionsIn(read.sections) } };
}

function refuseTwice(config: Readonly<Record<string, unknown>>, sections: PolicySections, where: string): void {
  const twice = policySections.filter((section) => sections[section] !== undefined && config[section] !== undefined);
  if (twice.length === 0) return;
  const lines = twice.map((section) => `  ${section}: stands in the config and in ${where}; say it in one of them`).join('\n');
  throw new CommandError(exitCodes.usage, `The config and its policy do not go together.\n${lines}`);
}

function wrongPolicy(path: string, problems: readonly PolicyProblem[]): CommandError {
  const lines = problems.map(({ field, message }) => `  ${field}: ${message}`).join('\n');
  return new CommandError(exitCodes.usage, `${path}: the policy is not right.\n${lines}`);
}

const moduleEndings = new Set(['.ts', '.mts', '.mjs', '.js']);
const moduleSchema = z.looseObject({ policy: z.unknown() });

/** What a policy's file holds, or the file of its cases, before it is checked. Throws a `CommandError` when it cannot be read. */
export function policyValue(path: string): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).catch({}).parse(valueOf(path));
}

function valueOf(path: string): unknown {
  if (moduleEndings.has(extname(path))) return exportedBy(path);
  const text = textOf(path);
  try {
    // JSON is YAML; of a key that stands twice YAML makes a fault, where JSON takes the last.
    return parse(text, { prettyErrors: true });
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: cannot be read: ${error instanceof Error ? error.message : 'it is no YAML'}`);
  }
}

function exportedBy(path: string): unknown {
  const file = resolve(path);
  textOf(file);
  let loaded: unknown;
  try {
    loaded = createRequire(file)(file);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: the module cannot be run: ${error instanceof Error ? error.message : 'it failed'}`);
  }
  const read = moduleSchema.safeParse(loaded);
  if (!read.success || read.data.policy === undefined)
    throw new CommandError(exitCodes.usage, `${path}: the module exports no 'policy'; write: export const policy = definePolicy({ ... });`);
  return read.data.policy;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(
      exitCodes.usage,
      `${path}: the policy cannot be read (${systemCode(error)}). 'qm init' writes one to start from.`,
    );
  }
}
