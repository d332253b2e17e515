import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { View } from '@tarojs/components';
import { ConfirmSheet } from '@client/components/confirm-sheet';
import { LinkRow } from '@client/components/link-row';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { Pressable } from '@client/components/pressable';
import { Fact, Panel, Section } from '@client/components/section';
import { chooseLanguage, useLanguage, useTexts } from '@client/i18n/language';
import { openHome, openOrders, openStaffDesk } from '@client/lib/navigation';
import { runInBackground } from '@client/lib/rejections';
import { api, session } from '@client/api/services';
import { storedPendingPurchase } from '@client/purchase/use-purchase';
import { storedCache, storedLookUps } from '@client/state/persisted-state';
import './index.scss';

/** Signs out here and at the BFF, and deletes everything stored on the device. */
function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    // Without a network the token is still deleted here; at the BFF it expires.
    await api('DELETE /sessions/current').catch(() => undefined);
    session.signOut();
    client.clear();
    storedCache.clear();
    storedLookUps.clear();
    storedPendingPurchase.clear();
  };
}

function LanguageSwitch() {
  const language = useLanguage();
  const { language: texts } = useTexts();
  const other = language === 'zh-CN' ? 'en' : 'zh-CN';
  return (
    <Pressable id="language-switch" className="link-row" onPress={() => chooseLanguage(other)}>
      <View className="link-row-name">{`${texts.name} · ${texts.current}`}</View>
      <View className="me-link-action">{texts.switchTo}</View>
    </Pressable>
  );
}

/** The user's page: links to cards and orders, the language, and signing in and out. */
function MePage() {
  const texts = useTexts();
  const signOut = useSignOut();
  const [signedOut, setSignedOut] = useState(() => session.isSignedOut());
  const [confirming, setConfirming] = useState(false);
  const confirmSignOut = (): void => runInBackground(signOut().then(() => setSignedOut(true)));
  const signIn = (): void => {
    session.allowSignIn();
    setSignedOut(false);
    openHome();
  };
  const sessionLink = signedOut
    ? { id: 'sign-in', name: texts.me.signIn, onPress: signIn }
    : { id: 'sign-out', name: texts.me.signOut, onPress: () => setConfirming(true) };
  return (
    <Page title={texts.titles.me} showDemoNotice>
      <View className="me-head">
        <View className="me-greeting">{texts.me.greeting}</View>
        <View className="me-state">{signedOut ? texts.me.signedOut : texts.me.signedInAs}</View>
      </View>
      <Panel>
        <LinkRow id="my-cards" name={texts.me.cards} onPress={openHome} />
        <LinkRow id="my-orders" name={texts.me.orders} onPress={openOrders} />
      </Panel>
      <Section>
        <Panel>
          <LanguageSwitch />
          <Fact name={texts.me.appearance}>{texts.me.appearanceSystem}</Fact>
          <Fact name={texts.me.about}>
            {`${texts.appName} · ${texts.me.version(process.env.TARO_APP_VERSION ?? '')}`}
          </Fact>
        </Panel>
      </Section>
      <Section>
        <Panel>
          <LinkRow {...sessionLink} />
        </Panel>
      </Section>
      <View className="me-foot">
        <Pressable id="staff-entry" role="link" className="me-staff" onPress={openStaffDesk}>
          {texts.me.staff}
        </Pressable>
      </View>
      <ConfirmSheet
        title={texts.me.signOutTitle}
        text={texts.me.signOutText}
        open={confirming}
        cancelLabel={texts.common.cancel}
        confirmLabel={texts.me.signOut}
        confirmId="confirm-sign-out"
        onClose={() => setConfirming(false)}
        onConfirm={confirmSignOut}
      />
    </Page>
  );
}

export default guardedPage(MePage);
