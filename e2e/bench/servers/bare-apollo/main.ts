/** Lane: @apollo/server as its standalone server sets it up, over the product's schema, answering without any work. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { answerParent } from '../../process/answer.js';
import { RELEASE_ANSWER } from '../attest-document.js';
import { PAYMENT_ANSWER } from '../document.js';
import { publicSdl } from '../public-sdl.js';

interface Asked {
  readonly input: { readonly bills: readonly unknown[] };
}

/** As many bills as were asked to be paid. */
const answerTo = ({ input }: Asked) => ({
  ...PAYMENT_ANSWER,
  bills: input.bills.map(() => PAYMENT_ANSWER.bills[0]),
});

const server = new ApolloServer({
  typeDefs: publicSdl(),
  resolvers: {
    Mutation: {
      payBills: (_: unknown, asked: Asked) => answerTo(asked),
      attestContract: () => RELEASE_ANSWER,
    },
  },
});
const listening = startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });

answerParent({ port: async () => Number(new URL((await listening).url).port) });
