export {
  createSendcloudSandbox,
  type SandboxLabel,
  type SandboxWebhook,
  type SendcloudSandbox,
  type SendcloudSandboxOptions,
} from './sandbox.ts';
export type { SandboxServicePoint } from './service-point-routes.ts';
export type { SandboxTrouble } from './state.ts';
export type { SandboxOption } from './tariff.ts';
