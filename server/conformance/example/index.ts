import type { ObserveAnswer } from '../../platforms/answer-observer';
import type { CardPlatform } from '../../platforms/ports';
import { createUpstreamHttp } from '../../platforms/upstream-http';
import type { UpstreamLimits } from '../../platforms/upstream-policies';
import { ignoreWarnings } from '../../platforms/warn';
import { createExampleCards } from './card-platform';
import { createExampleClient } from './client';

export interface ExampleOptions {
  /** Origin of the platform. */
  url: string;
  shopKey: string;
  onAnswer?: ObserveAnswer | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

/** 示例卡商: a minimal adapter, explained in docs/writing-an-adapter.md. */
export function createExample(options: ExampleOptions): {
  cards: CardPlatform;
  close(): Promise<void>;
} {
  const { url, shopKey, onAnswer, limits } = options;
  const http = createUpstreamHttp({ platform: 'example', origin: url, limits });
  const client = createExampleClient({ http, shopKey, warn: ignoreWarnings, onAnswer });
  return { cards: createExampleCards(client), close: () => http.close() };
}
