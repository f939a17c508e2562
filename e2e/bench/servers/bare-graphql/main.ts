/** Lane: node:http and graphql-js, nothing else. Parses the document of every request and answers without any work. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, execute, parse } from 'graphql';
import { answerParent } from '../../process/answer.js';
import { PAYMENT_ANSWER } from '../document.js';
import { publicSdl } from '../public-sdl.js';

const schema = buildSchema(publicSdl());
const rootValue = { payBills: () => PAYMENT_ANSWER };

interface Body {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
    void Promise.resolve(
      execute({ schema, document: parse(query), rootValue, variableValues: variables }),
    ).then((result) => {
      const body = JSON.stringify(result);
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
});

const listening = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
});

answerParent({ port: () => listening });
