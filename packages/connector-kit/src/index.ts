export { jitteredDelayMs } from '@quartermaster/domain';
export { systemClock } from './clock.ts';
export { gathering, type Gathered } from './gathering.ts';
export { createHttp, type Http, type HttpCall, type HttpEvent, type HttpOptions, type HttpReply } from './http.ts';
export { parseReply } from './parse-reply.ts';
export { memoryRateLimiter, type Bucket, type RateLimiter } from './rate-limit.ts';
export { redactor } from './redaction.ts';
export { retryAfterMs } from './retry-after.ts';
export { statusFault } from './status-fault.ts';
