import {
  lintPolicy,
  policyDifferences,
  policyHistory,
  policyKnowledge,
  policySettings,
  policyStamp,
  policyVersion,
  readPolicy,
  requestSchemas,
  settingsInForce,
  settingsUnder,
  type Asked,
  type FlowWorld,
  type Operations,
  type Outcome,
} from '@quartermaster/flows';
import { z } from 'zod';
import type { Caller } from './access.ts';
import type { ControlRoute } from './control-app.ts';
import { ProblemError } from './problem.ts';
import type { RouteParts } from './why-routes.ts';

/** A policy may hold many rules. */
const maxPolicyBytes = 1_024 * 1_024;

/** How operations are asked for and answered; the control API's own way. */
type Answering = {
  readonly askedBy: (caller: Caller, request: { readonly requestId: string; readonly reason: string }) => Asked;
  readonly carriedOut: (outcome: Outcome) => unknown;
};

/** What `POST /policy/check` takes. */
export const checkPolicySchema = z.strictObject({ policy: z.record(z.string(), z.json()) });

/** The policy that is in force, its versions, what another one would change and what is wrong with it, and putting one in force. */
export function policyRoutes(
  { journal, settings: configured }: Pick<FlowWorld, 'journal' | 'settings'>,
  apply: Operations['applyPolicy'],
  { body, carriedOut, askedBy }: Pick<RouteParts, 'body'> & Answering,
): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: '/policy',
      needs: 'viewer',
      answer: async () => {
        const settings = settingsInForce(configured);
        const newest = await journal.read(policyVersion);
        return plain({ ...policyStamp(settings), version: newest?.version ?? null, sections: policySettings(settings) });
      },
    },
    { method: 'GET', path: '/policy/versions', needs: 'viewer', answer: async () => plain({ versions: await policyHistory(journal) }) },
    {
      method: 'POST',
      path: '/policy/check',
      needs: 'viewer',
      maxSize: maxPolicyBytes,
      answer: async (context) => {
        const read = readPolicy((await body(context, checkPolicySchema)).policy);
        if (read.kind === 'wrong') throw wrongPolicy(read.problems);
        const settings = settingsUnder(configured, read);
        return plain({
          ...policyStamp(settings),
          findings: lintPolicy(settings, await policyKnowledge(journal)),
          differences: policyDifferences(policySettings(settingsInForce(configured)), policySettings(settings)),
        });
      },
    },
    {
      method: 'POST',
      path: '/policy/apply',
      needs: 'admin',
      maxSize: maxPolicyBytes,
      answer: async (context, caller) => {
        const { policy, ...request } = await body(context, requestSchemas.applyPolicy);
        return carriedOut(await apply(askedBy(caller, request), { policy }));
      },
    },
  ];
}

function wrongPolicy(problems: readonly { readonly field: string; readonly message: string }[]): ProblemError {
  const lines = problems.slice(0, 10).map(({ field, message }) => `${field}: ${message}`);
  return new ProblemError(400, 'bad-request', lines.join('; '), 'Correct these fields of the policy.');
}

/** As JSON, by the way of text: what is undefined is left out. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
