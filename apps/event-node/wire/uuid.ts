import { uuidOfHalves } from '#libs/event-log/eventstoredb/wire/uuid.js';

/** `UUID` of the generated classes: text, or two signed 64-bit halves. */
interface WireUuid {
  hasStructured(): boolean;
  getStructured(): { getMostSignificantBits(): string; getLeastSignificantBits(): string } | undefined;
  getString(): string;
}

export function uuidOf(uuid: WireUuid | undefined): string {
  const halves = uuid?.getStructured();
  if (halves)
    return uuidOfHalves(BigInt(halves.getMostSignificantBits()), BigInt(halves.getLeastSignificantBits()));
  return uuid?.getString() ?? '';
}
