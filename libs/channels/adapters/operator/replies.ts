import { Ajv2020, type Schema } from 'ajv/dist/2020.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { type ChannelReply, ChannelMisused, ChannelUnknown } from '../../port/index.js';
import type { SignedAnswer } from '../http/signed-client.js';

const text = { type: 'string', minLength: 1, maxLength: 256 } as const;

const variant = (outcome: string, properties: object, required: readonly string[]): Schema => ({
  type: 'object',
  additionalProperties: false,
  required: ['outcome', ...required],
  properties: { outcome: { const: outcome }, ...properties },
});

const REPLY: Schema = {
  oneOf: [
    variant('succeeded', { reference: text, at: text }, ['reference', 'at']),
    variant('declined', { reason: text }, ['reason']),
    variant(
      'pending',
      {
        instructions: {
          type: 'object',
          additionalProperties: false,
          required: ['remittanceCode'],
          properties: { remittanceCode: text },
        },
      },
      [],
    ),
    variant('cancelled', {}, []),
    variant('notFound', {}, []),
  ],
};

const isReply = new Ajv2020({ strict: true, strictTypes: false }).compile<ChannelReply>(REPLY);

/** @throws ChannelUnknown for what is no reply, ChannelMisused when the request itself was refused */
export function readReply({ status, body }: SignedAnswer): ChannelReply {
  const value = parsed(body);
  if ((status === 200 || status === 404) && isReply(value)) return checked(value);
  if (status >= 400)
    throw new ChannelMisused(`The institution refused the request with ${status}: ${said(value)}.`);
  throw new ChannelUnknown(`The institution answered ${status} with what is no reply.`);
}

function checked(reply: ChannelReply): ChannelReply {
  if (reply.outcome !== 'succeeded') return reply;
  try {
    return { ...reply, at: parseInstant(reply.at) };
  } catch (cause) {
    throw new ChannelUnknown('The institution names a moment that does not exist.', { cause });
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ChannelUnknown('The institution answered with what is no JSON.', { cause });
  }
}

function said(value: unknown): string {
  const code = (value as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code.slice(0, 64) : 'without a code';
}
