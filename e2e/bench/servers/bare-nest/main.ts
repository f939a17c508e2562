/** Baseline of `start`: a Nest application with nothing in it, listening on PORT. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({})
class EmptyModule {}

const app = await NestFactory.create(EmptyModule, { logger: false });
await app.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
