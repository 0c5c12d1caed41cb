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
} from '@quartermaster/flows';
import { z } from 'zod';
import { ProblemError } from './problem.ts';
import { askedBy, bodyOf, carriedOut, plain, see, type Answering, type ControlRoute } from './route.ts';

/** A policy may hold many rules. */
const maxPolicyBytes = 1_024 * 1_024;

/** What `POST /policy/check` takes. */
export const checkPolicySchema = z.strictObject({ policy: z.record(z.string(), z.json()) });

/** The policy that is in force, its versions, what another one would change and what is wrong with it, and putting one in force. */
export function policyRoutes({ flows, operations }: Answering): ControlRoute[] {
  const { journal, settings: configured } = flows;
  return [
    see('/policy', async () => {
      const settings = settingsInForce(configured);
      const newest = await journal.read(policyVersion);
      return plain({ ...policyStamp(settings), version: newest?.version ?? null, sections: policySettings(settings) });
    }),
    see('/policy/versions', async () => plain({ versions: await policyHistory(journal) })),
    {
      method: 'POST',
      path: '/policy/check',
      needs: 'viewer',
      maxSize: maxPolicyBytes,
      answer: async (context) => {
        const read = readPolicy((await bodyOf(context, checkPolicySchema)).policy);
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
        const { policy, ...request } = await bodyOf(context, requestSchemas.applyPolicy);
        return carriedOut(await operations.applyPolicy(askedBy(caller, request), { policy }));
      },
    },
  ];
}

function wrongPolicy(problems: readonly { readonly field: string; readonly message: string }[]): ProblemError {
  const lines = problems.slice(0, 10).map(({ field, message }) => `${field}: ${message}`);
  return new ProblemError(400, 'bad-request', lines.join('; '), 'Correct these fields of the policy.');
}
