import { GraphQLError } from 'graphql';
import {
  AppendOutcomeUnknown,
  LogClosed,
  LogOverloaded,
  LogUnavailable,
} from '#libs/event-log/port/errors.js';
import { CommandOverloaded, CommandTimedOut } from '#libs/event-log/runner/types.js';
import { badInput, protocolError } from '#libs/graphql/index.js';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { SubjectKeysUnavailable } from '#libs/security/port/index.js';
import { SignatureVerifierOverloaded, SignatureVerifierUnavailable } from '#libs/signatures/port/index.js';
import { ViewsUnavailable } from '#libs/views/port/index.js';

/** Where unexpected faults are written down with all that the client must not see. */
export type FaultLog = (traceId: string, fault: unknown) => void;

/** A command of several steps meets such a fault at any of them: the money may have moved already. */
const MAY_HAVE_BEGUN = 'A change may have taken effect. Repeat it with the same idempotencyKey shortly.';

/**
 * What a client may know of a fault: a code, a sentence and the trace id. Anything not foreseen is masked and logged.
 */
export function explainError(fault: unknown, traceId: string, log: FaultLog): GraphQLError {
  const explained = foreseen(fault);
  if (explained) {
    explained.extensions.traceId = traceId;
    return explained;
  }
  log(traceId, fault);
  const masked = protocolError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
  masked.extensions.traceId = traceId;
  return masked;
}

function foreseen(fault: unknown): GraphQLError | undefined {
  if (fault instanceof GraphQLError) return fault;
  if (fault instanceof InvalidInputError) return badInput(fault.code, fault.message, fault.path);
  if (fault instanceof CommandTimedOut || fault instanceof AppendOutcomeUnknown) {
    return protocolError(
      'OUTCOME_UNKNOWN',
      'It is not known yet whether this took effect. Repeat it with the same idempotencyKey.',
    );
  }
  if (fault instanceof LogOverloaded || fault instanceof CommandOverloaded) {
    return protocolError('OVERLOADED', `Too much is going on. ${MAY_HAVE_BEGUN}`);
  }
  if (
    fault instanceof LogUnavailable ||
    fault instanceof LogClosed ||
    fault instanceof ViewsUnavailable ||
    fault instanceof SubjectKeysUnavailable
  ) {
    return protocolError('UNAVAILABLE', `A store does not answer. ${MAY_HAVE_BEGUN}`);
  }
  // Signatures are verified before anything is stored.
  if (fault instanceof SignatureVerifierOverloaded) {
    return protocolError(
      'OVERLOADED',
      'Too many signatures wait to be verified. Nothing was stored; try again.',
    );
  }
  if (fault instanceof SignatureVerifierUnavailable) {
    return protocolError(
      'UNAVAILABLE',
      'The signature could not be verified. Nothing was stored; try again.',
    );
  }
  return undefined;
}
