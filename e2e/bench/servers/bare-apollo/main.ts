/** Lane: @apollo/server as its standalone server sets it up, over the product's schema, answering without any work. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { answerParent } from '../../process/answer.js';
import { PAYMENT_ANSWER } from '../document.js';
import { publicSdl } from '../public-sdl.js';

const server = new ApolloServer({
  typeDefs: publicSdl(),
  resolvers: { Mutation: { payBills: () => PAYMENT_ANSWER } },
});
const listening = startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });

answerParent({ port: async () => Number(new URL((await listening).url).port) });
