import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { View } from '@tarojs/components';
import { ApiError } from '@client/api/api-error';
import { shortDateTime } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { runInBackground } from '@client/lib/rejections';
import { ErrorNotice } from './error-notice';
import { useNow } from '@client/hooks/use-now';
import './query-view.scss';

type QueryResult<Data> = Pick<
  UseQueryResult<Data>,
  'data' | 'error' | 'dataUpdatedAt' | 'refetch' | 'isFetching'
>;

interface QueryViewProps<Data> {
  query: QueryResult<Data>;
  /** Shown until there is data. */
  skeleton: ReactNode;
  children(data: Data): ReactNode;
}

function StaleNotice({ error, from }: { error: Error; from: number }) {
  const { common } = useTexts();
  const time = shortDateTime(new Date(from).toISOString(), useNow());
  const offline = error instanceof ApiError && error.hasNoResponse;
  return (
    <View className="query-stale">
      {offline ? common.offlineData(time) : common.staleData(time)}
    </View>
  );
}

/**
 * Shows the data of a query: a skeleton while it loads, the error if there is no data, and the last data
 * with its time if only a refetch failed.
 */
export function QueryView<Data>({ query, skeleton, children }: QueryViewProps<Data>) {
  const { data, error, dataUpdatedAt, refetch, isFetching } = query;
  if (data !== undefined) {
    return (
      <>
        {error && <StaleNotice error={error} from={dataUpdatedAt} />}
        {children(data)}
      </>
    );
  }
  if (error && !isFetching)
    return <ErrorNotice error={error} onRetry={() => runInBackground(refetch())} />;
  return skeleton;
}
