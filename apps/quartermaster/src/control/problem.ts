import type { Refused } from '@quartermaster/flows';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An error as the control API tells it (RFC 9457): `code` for machines, `detail` and `next` for people. Never a secret, never personal data. */
export type Problem = {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly next: string;
};

/** Ends a request with a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly next: string;

  constructor(status: ContentfulStatusCode, code: string, detail: string, next: string) {
    super(detail);
    this.status = status;
    this.code = code;
    this.next = next;
  }
}

export function problemResponse({ status, code, message, next }: Pick<ProblemError, 'status' | 'code' | 'message' | 'next'>): Response {
  const problem: Problem = { title: code.replaceAll('-', ' '), status, code, detail: message, next };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}

/** Whoever asks is not known. */
export function unauthorized(): Response {
  const problem = problemResponse(
    new ProblemError(401, 'unauthorized', 'no token, or an unknown one', 'Send Authorization: Bearer TOKEN.'),
  );
  problem.headers.set('www-authenticate', 'Bearer');
  return problem;
}

/** An operation that was refused, as an answer of the API. */
export function refusal({ code, message, next }: Refused): ProblemError {
  const status = code === 'not-allowed' ? 403 : code === 'not-found' ? 404 : code === 'impossible' ? 422 : 409;
  return new ProblemError(status, code, message, next);
}
