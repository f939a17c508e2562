import { HttpException } from '@nestjs/common';

/** Looks the same for what is forged, expired, foreign or not there. */
export const noSuchFile = (): HttpException =>
  new HttpException(
    { code: 'LINK_INVALID', message: '链接无效或已过期。The link is invalid or has expired.' },
    404,
  );
