/** The two functions that a draw rests on, handed in because a domain computes nothing but its own rules. All hex in lower case. */
export interface LotteryHash {
  /** HMAC-SHA-256 (RFC 2104) under the bytes that `keyHex` names, of the text in UTF-8. */
  hmac(keyHex: string, text: string): string;
  /** SHA-256 of the bytes that `hex` names. */
  sha256OfBytes(hex: string): string;
  /** SHA-256 of the text in UTF-8. */
  sha256OfText(text: string): string;
}
