import { z } from 'zod';
import { policyFileSchema } from './policy-file.ts';

/** The JSON schema of a policy file, for editors and other programs. What a rule of ours says beyond it (a calendar's dates, weights that rise) is told when the file is read. */
export function policySchemaDocument(): object {
  return { title: 'Policy of Quartermaster', ...z.toJSONSchema(policyFileSchema, { io: 'input', unrepresentable: 'any' }) };
}
