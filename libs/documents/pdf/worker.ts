/** Thread that draws receipts one after the other; a receipt takes some 20 ms, too long for a thread that answers requests. */
import { parentPort } from 'node:worker_threads';
import { drawReceipt, type ReceiptToDraw } from './draw-receipt.js';
import { readReceiptFont } from './font.js';

export type DrawRequest = Omit<ReceiptToDraw, 'font'>;
export type DrawReply = { readonly content: Uint8Array } | { readonly failure: string };

const font = readReceiptFont();

parentPort?.on('message', (request: DrawRequest) => {
  void draw(request).then((reply) => parentPort?.postMessage(reply));
});

async function draw(request: DrawRequest): Promise<DrawReply> {
  try {
    return { content: await drawReceipt({ ...request, font: await font }) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
