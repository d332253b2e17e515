import { useMemo } from 'react';
import { useRouter } from '@tarojs/taro';

/** Decodes a parameter of a page's URL. A parameter that is not validly encoded is returned unchanged. */
function decodeParam(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The parameters of the page's URL. Neither WeChat nor Taro's router decodes them. */
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
