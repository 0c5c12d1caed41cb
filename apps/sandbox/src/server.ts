import { serveApp, type SandboxApp, type ServedApp } from '@quartermaster/connector-kit/sandbox';
import { controlApp } from './control-app.ts';
import type { SandboxControl } from './control.ts';

/** What can be served: vendors by name, and the control of all of them. */
export type Servable = { readonly apps: Readonly<Record<string, SandboxApp>>; readonly control: SandboxControl };

export type ServedSandboxes = {
  /** Origins such as `http://127.0.0.1:40123` by the names of the apps. */
  readonly urls: Readonly<Record<string, string>>;
  readonly controlUrl: string;
  close(): Promise<void>;
};

/**
 * Serves each vendor, and the control, on a port of its own of the loopback interface. `ports` fixes ports by name (`control` is the control's); the others are free ones. A
 * dropped connection is dropped on the wire: the socket is destroyed without an answer. Rejects when a port is taken; nothing stays open then.
 */
export async function serveSandboxes(given: {
  readonly sandboxes: Servable;
  readonly ports?: Readonly<Record<string, number>>;
}): Promise<ServedSandboxes> {
  const apps = { ...given.sandboxes.apps, control: controlApp(given.sandboxes.control) };
  const served = new Map<string, ServedApp>();
  const close = async (): Promise<void> => {
    await Promise.all([...served.values()].map((each) => each.close()));
  };
  try {
    for (const [name, app] of Object.entries(apps)) served.set(name, await serveApp(app, given.ports?.[name]));
    const urls = Object.fromEntries([...served].map(([name, { url }]) => [name, url]));
    const { control: controlUrl = '', ...vendors } = urls;
    return { urls: vendors, controlUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
