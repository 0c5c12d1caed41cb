import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readSecret, loadConfig, type LoadedConfig } from '../config.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';

/** Which daemon, and in whose name: the control section of a config, and a name of its tokens. */
export type WhichDaemon = { readonly config: string; readonly as?: string };

/** What a person wants done, as the control API takes it. */
export type ControlRequest = { readonly path: string; readonly body: Readonly<Record<string, unknown>> };

const problemSchema = z.object({ detail: z.string(), next: z.string() });
const doneSchema = z.object({ operation: z.string(), key: z.string(), before: z.json(), after: z.json(), replayed: z.boolean() });
export type Done = z.infer<typeof doneSchema>;

/**
 * Asks the running daemon of a config to do something. Sends the same request once more when the connection broke off: its id keeps it from being done twice. Throws a `CommandError`
 * in words when no daemon answers, or when it refuses.
 */
export async function askDaemon(which: WhichDaemon, { path, body }: ControlRequest): Promise<Done> {
  const loaded = loadConfig(which.config);
  const url = controlUrl(loaded, which.config);
  const init = {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(loaded, which)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requestId: randomUUID(), ...body }),
  };
  const address = new URL(path, url);
  const response = await fetch(address, init)
    .catch(() => fetch(address, init))
    .catch(() => null);
  if (response === null)
    throw new CommandError(exitCodes.outside, `no daemon answers at ${url}; start it with 'qm run', or see 'control' in ${which.config}.`);
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) {
    const done = doneSchema.safeParse(answer);
    if (done.success) return done.data;
  }
  const problem = problemSchema.safeParse(answer);
  if (!problem.success) throw new CommandError(exitCodes.outside, `what answers at ${url} is no Quartermaster (HTTP ${response.status}).`);
  throw new CommandError(exitCodeOf(response.status), `${problem.data.detail}. ${problem.data.next}`);
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404 || status === 409 || status === 422) return exitCodes.no;
  return status === 400 ? exitCodes.usage : exitCodes.outside;
}

function controlUrl({ config }: LoadedConfig, name: string): string {
  if (config.control === undefined)
    throw new CommandError(
      exitCodes.usage,
      `${name}: it has no 'control' section, so its daemon cannot be told anything; see docs/operating.md.`,
    );
  const { host, port } = config.control;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/`;
}

/** The token of the name that is asked for, or the only one that can be read here. */
function tokenOf({ config, directory }: LoadedConfig, { as }: WhichDaemon): string {
  const given = process.env['QM_CONTROL_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const tokens = config.control?.tokens ?? [];
  const [token, ...others] = as === undefined ? tokens : tokens.filter(({ name }) => name === as);
  if (token === undefined)
    throw new CommandError(
      exitCodes.usage,
      `--as: control.tokens has no ${as ?? 'token'}; it has ${tokens.map(({ name }) => name).join(', ')}.`,
    );
  if (others.length > 0)
    throw new CommandError(
      exitCodes.usage,
      `who asks? Name one with --as (${tokens.map(({ name }) => name).join(', ')}), or put its token into QM_CONTROL_TOKEN.`,
    );
  return readSecret(token.token, directory, `control.tokens of ${token.name}`);
}
