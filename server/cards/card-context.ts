import type { BackgroundTasks } from '../lib/background-tasks';
import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { Store } from '../store/store';
import type { CardLimiters } from './card-limits';
import { createCardLimiters } from './card-limits';
import type { CardSearchState } from './find-cards';
import { createCardSearchState } from './find-cards';
import type { FetchedReport } from './report-parts';

/** What is kept in memory about cards. */
export interface CardState {
  search: CardSearchState;
  /** The report queries in flight, by card id. */
  reportQueries: SingleFlight<FetchedReport>;
  limiters: CardLimiters;
}

export interface CardContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  platforms: CardPlatforms;
  /** Whether a device platform is configured. */
  hasDevices: boolean;
  cardState: CardState;
  /** Queries that go on after the request was answered with the last known state. */
  background: BackgroundTasks;
}

export function createCardState(clock: () => number): CardState {
  return {
    search: createCardSearchState(clock),
    reportQueries: createSingleFlight(),
    limiters: createCardLimiters(),
  };
}
