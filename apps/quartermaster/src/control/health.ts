import type { Context, Hono } from 'hono';
import type { ProcessWatch } from '../process-watch.ts';
import type { Authenticate } from './access.ts';
import { unauthorized } from './problem.ts';

export type MetricsGiven = {
  /** In the text format of Prometheus. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
  /** Told without a token. */
  readonly open: boolean;
};

/** The process lives: it answers, and its daemon came round of late. 503 where only a restart helps. */
export function livez(context: Context, watch: ProcessWatch | undefined): Response {
  if (watch === undefined) return context.json({ alive: true });
  const alive = watch.alive();
  return context.json({ alive, quietMs: watch.quietMs(), eventLoopLagMs: watch.eventLoopLagMs() }, alive ? 200 : 503);
}

/**
 * `GET /metrics`. Whoever has any token is at least a viewer. Figures tell how much a business sells and to whom it owes what, and this listener may stand behind a proxy, so they are not
 * open unless the config says so.
 */
export function addMetrics(app: Hono, { text, contentType, open }: MetricsGiven, authenticate: Authenticate): void {
  app.get('/metrics', async (context) => {
    if (!open && authenticate(context.req.header('authorization')) === null) return unauthorized();
    return context.body(await text(), 200, { 'content-type': contentType });
  });
}
