/**
 * HTTP Message Signatures (RFC 9421) with Ed25519, and Content-Digest (RFC 9530). Computes only: time and nonce are arguments.
 */
export type { Agreement, PartnerKey, SigningKey } from './agreement.js';
export { admitRequest } from './admit.js';
export type { Headers, ReceivedRequest, ReceivedResponse, RequestMessage } from './messages.js';
export { SignatureRefused } from './refused.js';
export type { RefusalReason } from './refused.js';
export { signRequest } from './request.js';
export type { RequestToSign, SigningMoment, VerifiedRequest } from './request.js';
export { signResponse, verifyResponse } from './response.js';
