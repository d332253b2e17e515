import type { PropsWithChildren } from 'react';
import { View } from '@tarojs/components';
import './notice.scss';

interface NoticeProps {
  /** The drawing above the title. */
  kind: 'empty' | 'failed' | 'offline' | 'wechat';
  title: string;
  detail?: string | undefined;
}

/** Shown when a page has no content: the reason, and the next step. */
export function Notice({ kind, title, detail, children }: PropsWithChildren<NoticeProps>) {
  return (
    <View className="notice">
      <View className={`notice-picture notice-picture-${kind}`}>
        <View className="notice-chip" />
      </View>
      <View className="notice-title">{title}</View>
      {detail !== undefined && <View className="notice-detail">{detail}</View>}
      {children && <View className="notice-actions">{children}</View>}
    </View>
  );
}
