import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { GatewayMetrics, Readiness } from '#libs/observability/index.js';
import { METRICS, READINESS } from '../tokens.js';

/** For whoever runs the process. */
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly readiness: Readiness,
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
  ) {}

  /** The process answers; nothing else is asked. */
  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when new work may be sent here, else 503 with the reasons. */
  @Get('health/ready')
  @Header('cache-control', 'no-store')
  async ready(@Res() response: Response): Promise<void> {
    const { ready, reasons } = await this.readiness.report();
    response.status(ready ? 200 : 503).json(ready ? { status: 'ok' } : { status: 'unavailable', reasons });
  }

  @Get('metrics')
  async prometheus(@Res() response: Response): Promise<void> {
    response.setHeader('content-type', this.metrics.registry.contentType);
    response.end(await this.metrics.registry.metrics());
  }
}
