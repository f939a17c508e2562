import { deriveUuid, UUID_NAMESPACES } from '../codec/derive-uuid.js';

/**
 * The id of a command that a reaction sends: the same event and step give the same id, so that a reaction repeated after a
 * crash repeats the identical commands. `step` names the command within the reaction (`reserve`, `reserve/<bill id>`).
 */
export function commandIdFrom(eventId: string, step: string): string {
  return deriveUuid(UUID_NAMESPACES.command, eventId, step);
}
