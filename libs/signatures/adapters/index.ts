export { signatureVerifier } from './verifier.js';
export type { ClosableSignatureVerifier, SignatureVerifierOptions } from './verifier.js';
