import { ConnectorFault } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import type { HttpReply } from './http.ts';

/**
 * Parses a vendor's answer. Throws `malformed-reply`, naming the field but never its value. `outcome` says what a bad answer means for the request: for an effect it is `unknown`
 * (something was answered, so something may have been done), for a read `not-applied`.
 */
export function parseReply<T>(
  schema: ZodType<T>,
  reply: HttpReply,
  given: {
    readonly connector: string;
    readonly operation: string;
    readonly outcome: 'not-applied' | 'unknown';
    /** The property of the answer that the schema is about; default the whole answer. */
    readonly under?: string;
  },
): T {
  const { under, ...context } = given;
  const malformed = (message: string) =>
    new ConnectorFault('malformed-reply', {
      ...context,
      retry: { kind: 'safely' },
      status: reply.status,
      message,
      advice: 'Something between us and the vendor answered in its place, or the vendor changed its answers.',
    });
  let json: unknown;
  try {
    json = JSON.parse(reply.text);
  } catch {
    throw malformed(`the answer is not JSON (${reply.headers['content-type'] ?? 'no content type'}, ${reply.text.length} characters)`);
  }
  const parsed = schema.safeParse(under === undefined ? json : propertyOf(json, under));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = [...(under === undefined ? [] : [under]), ...(issue?.path ?? [])].join('.');
  throw malformed(`the answer has an unexpected shape at ${path || 'its top'}: ${issue?.message ?? 'unknown'}`);
}

/** {@link parseReply} for one connector. Unless said otherwise it reads what has no effect, or whose effect is settled by asking again. */
export function replyReader(connector: string) {
  return <Data>(schema: ZodType<Data>, reply: HttpReply, operation: string, outcome: 'not-applied' | 'unknown' = 'not-applied'): Data =>
    parseReply(schema, reply, { connector, operation, outcome });
}

function propertyOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? Object.entries(json).find(([key]) => key === name)?.[1]
    : undefined;
}
