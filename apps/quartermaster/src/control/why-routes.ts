import { decisionIds, whyAnswers, whySchemas, type Answered, type FlowWorld } from '@quartermaster/flows';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { ControlRoute } from './control-app.ts';
import { ProblemError } from './problem.ts';

/** How requests are read and answered; the control API's own way. */
export type RouteParts = {
  readonly order: (context: Context) => Promise<string>;
  readonly part: (context: Context, name: string) => string;
  readonly query: <Schema extends z.ZodType>(context: Context, schema: Schema) => z.infer<Schema>;
  readonly body: <Schema extends z.ZodType>(context: Context, schema: Schema) => Promise<z.infer<Schema>>;
  readonly notFound: (why: string) => ProblemError;
};

/** A policy may hold many rules. */
const maxPolicyBytes = 1_024 * 1_024;

/**
 * What viewers may ask of why. Most of it solves waves again, which takes the processor from the daemon: one question is answered at a time, and who comes meanwhile is told to come again.
 * `POST /simulate` changes nothing; it is a POST because a policy is too long for an address.
 */
export function whyRoutes({ journal, solver }: Pick<FlowWorld, 'journal' | 'solver'>, parts: RouteParts): ControlRoute[] {
  const answers = whyAnswers({ journal, solver });
  const alone = oneAtATime();
  const see = (path: string, answer: (context: Context) => Promise<unknown>): ControlRoute => ({
    method: 'GET',
    path,
    needs: 'viewer',
    answer,
  });
  const solved =
    <Answer>(ask: (context: Context) => Promise<Answered<Answer>>) =>
    (context: Context): Promise<unknown> =>
      alone(async () => {
        const found = await ask(context);
        if (found.kind === 'unknown') throw parts.notFound(found.why);
        // As JSON, by the way of text: what is undefined is left out.
        return JSON.parse(JSON.stringify(found.answer));
      });
  const day = (context: Context) => parts.query(context, whySchemas.day).day;
  return [
    see(
      '/orders/:order/why-not',
      solved(async (context) => answers.whyNot(await parts.order(context), parts.query(context, whySchemas.whyNot))),
    ),
    see(
      '/prices',
      solved((context) => answers.prices(day(context))),
    ),
    see(
      '/rule-prices',
      solved((context) => answers.rulePrices(day(context))),
    ),
    see(
      '/fill-rate',
      solved((context) => answers.fillRate(day(context))),
    ),
    see('/decisions', async (context) => ({ decisions: await decisionIds(journal, parts.query(context, whySchemas.decisions).limit) })),
    see(
      '/decisions/:decision/replay',
      solved((context) => answers.replay(parts.part(context, 'decision'))),
    ),
    see('/decisions/:decision/model', async (context) => {
      const { format } = parts.query(context, whySchemas.model);
      const found = await answers.model(parts.part(context, 'decision'), format);
      if (found.kind === 'unknown') throw parts.notFound(found.why);
      return { format, text: found.answer };
    }),
    {
      method: 'POST',
      path: '/simulate',
      needs: 'viewer',
      maxSize: maxPolicyBytes,
      answer: solved(async (context) => {
        const { day: asked, policy } = await parts.body(context, whySchemas.simulate);
        return answers.simulate(asked, policy);
      }),
    },
  ];
}

function oneAtATime(): <Answer>(work: () => Promise<Answer>) => Promise<Answer> {
  let busy = false;
  return async (work) => {
    if (busy) throw new ProblemError(503, 'busy', 'another question is being solved', 'Ask again in a minute, or ask the journal with qm.');
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
}
