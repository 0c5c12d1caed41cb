import { createOperations, type FlowWorld } from '@quartermaster/flows';
import type { LoadedConfig } from '../config.ts';
import type { SecretOf } from '../connect.ts';
import { authentication, hostNames } from './access.ts';
import { controlApp, type ControlGiven } from './control-app.ts';
import { listen, type Listener } from './listener.ts';
import { webhookApp } from './webhook-app.ts';

/** Starts the control API of a config; null when the config has none. */
export async function startControl(
  { config }: LoadedConfig,
  secretOf: SecretOf,
  context: FlowWorld,
  told: Pick<ControlGiven, 'watch' | 'metrics'> = {},
): Promise<Listener | null> {
  const { control, pullEverySeconds } = config;
  if (control === undefined) return null;
  const tokens = control.tokens.map(({ name, role, token }, index) => ({
    name,
    role,
    token: secretOf(token, `control.tokens[${index}].token`),
  }));
  const app = controlApp({
    context,
    operations: createOperations(context),
    authenticate: authentication(tokens),
    hosts: hostNames(control.host, control.hosts),
    pullEveryMs: pullEverySeconds * 1_000,
    ...told,
  });
  return listen('control API', app.fetch, control);
}

/** Starts the webhook listener of a config; null when the config has none. */
export async function startWebhooks({ config }: LoadedConfig, context: FlowWorld): Promise<Listener | null> {
  const { webhooks } = config;
  return webhooks === undefined ? null : listen('webhook listener', webhookApp(context, webhooks).fetch, webhooks);
}
