import type { IncomingMessage } from 'node:http';

export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';

  constructor(readonly reason: 'tooLarge' | 'endedEarly') {
    super(`The body is refused: ${reason}.`);
  }
}

/**
 * The raw bytes, as they were signed. Compressed bodies are never unpacked: their digest is of what was sent.
 *
 * @throws BodyRefused
 */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > maxBytes)
    return Promise.reject(new BodyRefused('tooLarge'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        message.removeAllListeners('data').pause();
        reject(new BodyRefused('tooLarge'));
      } else {
        chunks.push(chunk);
      }
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', reject);
    message.once('close', () => {
      if (!message.complete) reject(new BodyRefused('endedEarly'));
    });
  });
}
