import { useState } from 'react';
import { View } from '@tarojs/components';
import type { Card, DeviceUser } from '@shared/contract';
import { ActionButton } from '@client/components/action-button';
import { QueryView } from '@client/components/query-view';
import { Panel, Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { useDeviceUsers } from '@client/device/queries';
import { useDeviceTexts } from '@client/device/texts';
import { ReleaseSheet } from './release-sheet';
import { runInBackground } from '@client/lib/rejections';

function UserRow({ user }: { user: DeviceUser }) {
  const texts = useDeviceTexts();
  const contacts = [user.phoneMasked, user.emailMasked].filter((text) => text !== null);
  return (
    <View className="device-user">
      <View className={`device-role device-role-${user.role}`}>{user.label}</View>
      <View className="device-contacts">
        {contacts.length === 0
          ? texts.noContact
          : contacts.map((contact) => <View key={contact}>{contact}</View>)}
      </View>
    </View>
  );
}

function NoUsers() {
  const texts = useDeviceTexts();
  return (
    <View id="device-no-users" className="device-no-users">
      <View>{texts.noUsers}</View>
      <View className="device-no-users-hint">{texts.noUsersHint}</View>
    </View>
  );
}

function UserList({ users, onRelease }: { users: readonly DeviceUser[]; onRelease(): void }) {
  const texts = useDeviceTexts();
  if (users.length === 0) {
    return (
      <Panel>
        <NoUsers />
      </Panel>
    );
  }
  return (
    <>
      <Panel>
        {users.map((user, index) => (
          // Two users may look the same when masked, so only the index is unique.
          <UserRow key={index} user={user} />
        ))}
      </Panel>
      <View className="device-release">
        <ActionButton id="release-button" kind="danger" onPress={onRelease}>
          {texts.release}
        </ActionButton>
      </View>
    </>
  );
}

/** The users who can control the device, and the button that releases it from them. */
export function DeviceUsers({ card, deviceId }: { card: Card; deviceId: string }) {
  const texts = useDeviceTexts();
  const query = useDeviceUsers(deviceId);
  const [releasing, setReleasing] = useState(false);
  return (
    <Section title={texts.users}>
      <QueryView query={query} skeleton={<SkeletonList rows={2} height="56px" />}>
        {(users) => (
          <>
            <UserList users={users} onRelease={() => setReleasing(true)} />
            {releasing && (
              <ReleaseSheet
                card={card}
                deviceId={deviceId}
                userCount={users.length}
                onRefresh={() => runInBackground(query.refetch())}
                onClose={() => setReleasing(false)}
              />
            )}
          </>
        )}
      </QueryView>
    </Section>
  );
}
