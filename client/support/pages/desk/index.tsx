import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import Taro from '@tarojs/taro';
import { guardedPage } from '@client/components/error-boundary';
import { View } from '@tarojs/components';
import { runInBackground } from '@client/lib/rejections';
import { useStaff } from '../../staff-session';
import { useStaffTexts } from '../../texts';
import { Desk } from './desk';
import { SignIn } from './sign-in';
import './index.scss';

/** The staff's page: the sign-in form, then the desk. */
function DeskPage() {
  const texts = useStaffTexts();
  const staff = useStaff();
  const client = useQueryClient();
  useEffect(() => {
    runInBackground(Taro.setNavigationBarTitle({ title: texts.title }));
  }, [texts.title]);
  useEffect(() => {
    // The next staff member must not see what this one looked up.
    if (!staff) client.removeQueries({ predicate: ({ queryKey }) => isStaffQuery(queryKey) });
  }, [client, staff]);
  return (
    <View className="desk-page">{staff ? <Desk username={staff.username} /> : <SignIn />}</View>
  );
}

function isStaffQuery(queryKey: readonly unknown[]): boolean {
  return String(queryKey[0]).startsWith('staff-');
}

export default guardedPage(DeskPage);
