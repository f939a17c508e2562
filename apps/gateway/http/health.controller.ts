import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { GatewayMetrics, Readiness } from '#libs/observability/index.js';
import { METRICS, READINESS } from '../tokens.js';
import { respondJson } from './respond.js';

/** For whoever runs the process. */
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly readiness: Readiness,
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
  ) {}

  /** The process answers; nothing else is asked. */
  @Get('health/live')
  live(@Res() response: ServerResponse): void {
    respondJson(response, 200, { status: 'ok' });
  }

  /** 200 when new work may be sent here, else 503 with the reasons. */
  @Get('health/ready')
  async ready(@Res() response: ServerResponse): Promise<void> {
    const { ready, reasons } = await this.readiness.report();
    respondJson(response, ready ? 200 : 503, ready ? { status: 'ok' } : { status: 'unavailable', reasons });
  }

  @Get('metrics')
  async prometheus(@Res() response: ServerResponse): Promise<void> {
    response.setHeader('content-type', this.metrics.registry.contentType);
    response.end(await this.metrics.registry.metrics());
  }
}
