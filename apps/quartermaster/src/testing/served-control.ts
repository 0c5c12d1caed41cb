import { readFileSync, writeFileSync } from 'node:fs';
import { authentication, hostNames } from '../control/access.ts';
import { controlApp } from '../control/control-app.ts';
import { listen } from '../control/listener.ts';
import { operationsOf, type SmallBusiness } from './small-business.ts';

const controlTokens = [
  { name: 'ann', role: 'operator', token: 'token-of-ann-which-is-long' },
  { name: 'sue', role: 'supervisor', token: 'token-of-sue-which-is-long' },
] as const;

/** Serves the control API of a business until the cleanup, and writes a config that leads to it ({@link controlConfig}); `at` says where a file of that name lies. */
export async function servedControl(business: SmallBusiness, at: (name: string) => string, cleanup: AsyncDisposableStack): Promise<string> {
  const app = controlApp({
    context: business.context,
    operations: operationsOf(business),
    authenticate: authentication(controlTokens),
    hosts: hostNames('127.0.0.1', []),
    pullEveryMs: 60_000,
  });
  const listener = await listen('control API', app.fetch, { host: '127.0.0.1', port: 0 });
  cleanup.defer(() => listener.close());
  return controlConfig(Number(new URL(listener.url).port), at);
}

/** Writes, beside `plain.json`, a config whose control API is at a port; gives its path. */
export function controlConfig(port: number, at: (name: string) => string): string {
  for (const { name, token } of controlTokens) writeFileSync(at(`${name}.token`), `${token}\n`);
  const control = { port, tokens: controlTokens.map(({ name, role }) => ({ name, role, token: { file: `${name}.token` } })) };
  const config = at(`at-${port}.json`);
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(at('plain.json'), 'utf8')), control }));
  return config;
}
