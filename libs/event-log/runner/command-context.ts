import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { CommandContext } from './types.js';

/** The metadata of a command that a caller asked for: actor, tenant and organisation are the caller's. */
export function commandContext(request: RequestContext, commandId: string, at: Instant): CommandContext {
  const { accountId, tenant, organisation } = request.caller;
  const { correlationId } = request;
  return { commandId, correlationId, actor: accountId, tenant, organisation, at };
}
