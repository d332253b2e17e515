import { useMemo } from 'react';
import { useRouter } from '@tarojs/taro';

/** Decodes a parameter of a page's address; one that was never encoded stays as it is. */
function decodeParam(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the page was opened with. Neither WeChat nor Taro's router decodes parameters. */
export function usePageParams(): Readonly<Record<string, string | undefined>> {
  const { params } = useRouter();
  return useMemo(() => {
    const entries = Object.entries(params).map(([name, value]) => [
      name,
      value && decodeParam(value),
    ]);
    return Object.fromEntries(entries) as Readonly<Record<string, string | undefined>>;
  }, [params]);
}
