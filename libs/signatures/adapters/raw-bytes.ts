/** Bytes of base64url without padding, or `undefined` where the text is another one than we would write or the length is wrong. */
export function rawBytes(text: string, length: number): Buffer | undefined {
  if (text.length !== Math.ceil((length * 4) / 3)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // A decoder that skips what it does not know would give one signature many writings.
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined;
}
