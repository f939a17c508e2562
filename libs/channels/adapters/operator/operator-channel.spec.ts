import { externalChannelContract } from '#libs/testing/contracts/external-channel.js';
import { sandboxBank } from '#libs/testing/sandbox-bank.js';

externalChannelContract('signed HTTP to the sandbox bank', async (deadlineMs) => {
  const { channel, controls, close } = await sandboxBank({ deadlineMs });
  return {
    channel,
    moved: async (operationId) => (await controls.effectOf(operationId))?.moved ?? 0,
    restart: controls.restart,
    stop: controls.stop,
    close,
  };
});
