import { decisionIds, whyAnswers, whySchemas, type Answered, type FlowWorld } from '@quartermaster/flows';
import type { Context } from 'hono';
import { ProblemError } from './problem.ts';
import { bodyOf, notFound, orderNamed, pathPart, plain, queryOf, see, type ControlRoute } from './route.ts';

/** A policy may hold many rules. */
const maxPolicyBytes = 1_024 * 1_024;

/**
 * What viewers may ask of why. Most of it solves waves again, which takes the processor from the daemon: one question is answered at a time, and who comes meanwhile is told to come again.
 * `POST /simulate` changes nothing; it is a POST because a policy is too long for an address.
 */
export function whyRoutes(flows: Pick<FlowWorld, 'journal' | 'solver'>): ControlRoute[] {
  const { journal, solver } = flows;
  const answers = whyAnswers({ journal, solver });
  const alone = oneAtATime();
  const solved =
    <Answer>(ask: (context: Context) => Promise<Answered<Answer>>) =>
    (context: Context): Promise<unknown> =>
      alone(async () => {
        const found = await ask(context);
        if (found.kind === 'unknown') throw notFound(found.why);
        return plain(found.answer);
      });
  const day = (context: Context) => queryOf(context, whySchemas.day).day;
  return [
    see(
      '/orders/:order/why-not',
      solved(async (context) => answers.whyNot(await orderNamed(flows, pathPart(context, 'order')), queryOf(context, whySchemas.whyNot))),
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
    see('/decisions', async (context) => ({ decisions: await decisionIds(journal, queryOf(context, whySchemas.decisions).limit) })),
    see(
      '/decisions/:decision/replay',
      solved((context) => answers.replay(pathPart(context, 'decision'))),
    ),
    see('/decisions/:decision/model', async (context) => {
      const { format } = queryOf(context, whySchemas.model);
      const found = await answers.model(pathPart(context, 'decision'), format);
      if (found.kind === 'unknown') throw notFound(found.why);
      return { format, text: found.answer };
    }),
    {
      method: 'POST',
      path: '/simulate',
      needs: 'viewer',
      maxSize: maxPolicyBytes,
      answer: solved(async (context) => {
        const { day: asked, policy, addNode } = await bodyOf(context, whySchemas.simulate);
        return answers.simulate(asked, policy, addNode);
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
