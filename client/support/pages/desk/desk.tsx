import { useState } from 'react';
import { View } from '@tarojs/components';
import { InlineError } from '@client/components/inline-error';
import { ActionButton } from '@client/components/action-button';
import { Notice } from '@client/components/notice';
import { Pressable } from '@client/components/pressable';
import { TextInput } from '@client/components/text-input';
import { signOutStaff } from '../../staff-session';
import { useStaffTexts } from '../../texts';
import { CardDetail } from './card-detail';
import { OrderDetail } from './order-detail';
import { Results } from './results';
import type { Selection } from './selection';
import { runInBackground } from '@client/lib/rejections';
import { CARD_INPUT_MAX_LENGTH } from '@shared/card-number';

/** The BFF refuses shorter queries. */
const MIN_QUERY_LENGTH = 4;
const MAX_QUERY_LENGTH = CARD_INPUT_MAX_LENGTH;

function SearchBar({ onSearch }: { onSearch(query: string): void }) {
  const texts = useStaffTexts();
  const [text, setText] = useState('');
  const [isTooShort, setIsTooShort] = useState(false);
  const submit = (): void => {
    const query = text.trim();
    setIsTooShort(query.length < MIN_QUERY_LENGTH);
    if (query.length >= MIN_QUERY_LENGTH) onSearch(query);
  };
  return (
    <View className="desk-search">
      <View className="desk-search-row">
        <TextInput
          id="desk-query"
          label={texts.query}
          browserProps={{ autoComplete: 'off' }}
          confirmType="search"
          placeholder={texts.placeholder}
          maxLength={MAX_QUERY_LENGTH}
          value={text}
          onChange={setText}
          onSubmit={submit}
        />
        <ActionButton id="desk-search" onPress={submit}>
          {texts.search}
        </ActionButton>
      </View>
      {isTooShort && <InlineError>{texts.tooShort}</InlineError>}
    </View>
  );
}

function Detail({ selection }: { selection: Selection | undefined }) {
  const texts = useStaffTexts();
  if (!selection) return <Notice kind="empty" title={texts.choose} />;
  return selection.kind === 'card' ? (
    <CardDetail key={selection.id} cardId={selection.id} />
  ) : (
    <OrderDetail key={selection.id} orderId={selection.id} />
  );
}

/** The desk: a search field, the list of results, and the details of the selected one. */
export function Desk({ username }: { username: string }) {
  const texts = useStaffTexts();
  const [query, setQuery] = useState('');
  const [selection, setSelection] = useState<Selection>();
  const search = (text: string): void => {
    setQuery(text);
    setSelection(undefined);
  };
  return (
    <View className="desk">
      <View className="desk-head">
        <SearchBar onSearch={search} />
        <View className="desk-user">
          <View>{username}</View>
          <Pressable
            id="staff-sign-out"
            className="section-action"
            onPress={() => runInBackground(signOutStaff())}
          >
            {texts.signOut}
          </Pressable>
        </View>
      </View>
      {query === '' ? (
        <Notice kind="empty" title={texts.start} detail={texts.startHint} />
      ) : (
        <View className={selection ? 'desk-body desk-body-chosen' : 'desk-body'}>
          <View className="desk-list">
            <Results query={query} selection={selection} onSelect={setSelection} />
          </View>
          <View className="desk-detail">
            {selection && (
              <Pressable
                className="desk-back section-action"
                onPress={() => setSelection(undefined)}
              >
                {texts.back}
              </Pressable>
            )}
            <Detail selection={selection} />
          </View>
        </View>
      )}
    </View>
  );
}
