export { jitteredDelayMs } from '@quartermaster/domain';
export {
  askedAgainLater,
  grantedToken,
  keptToken,
  tokenAnswerSchema,
  tokenCalls,
  type AccessToken,
  type GrantedToken,
  type TokenCalls,
  type TokenQuestion,
} from './access-token.ts';
export { systemClock } from './clock.ts';
export { beforeTheEffect } from './before-the-effect.ts';
export { callId } from './call-id.ts';
export { callGate, type CallGate } from './call-gate.ts';
export { chatWebhook, type ChatWebhookOptions } from './chat-webhook.ts';
export { addressHash, fingerprint } from './fingerprint.ts';
export { gathering, type Gathered } from './gathering.ts';
export { createHttp, type Http, type HttpCall, type HttpEvent, type HttpOptions, type HttpReply } from './http.ts';
export { keptAnswers } from './kept-answers.ts';
export { keptPrice, keptPriceText, type Price } from './kept-price.ts';
export { notDoneBy } from './not-done.ts';
export { advance, askFrom, firstCursor, restoreCursor, seenBefore, storeCursor } from './order-cursor.ts';
export { pulledOrder, pullOrderPages, type OrderWords } from './order-pull.ts';
export { parseJson } from './parse-json.ts';
export { parseReply, replyReader } from './parse-reply.ts';
export { purchaseDoubt, type PurchaseDoubt } from './purchase-doubt.ts';
export { purchaseFaults, type PurchaseFaults } from './purchase-faults.ts';
export { memoryRateLimiter, type Bucket, type RateLimiter } from './rate-limit.ts';
export { personalRedactor, redactor } from './redaction.ts';
export { retryAfterMs } from './retry-after.ts';
export { serviceNames, type ServiceNames } from './service-names.ts';
export { statusFault } from './status-fault.ts';
export { surroundingsOf, type SurroundingOptions, type Surroundings } from './surroundings.ts';
export { signedWithHmac } from './webhook-signature.ts';
