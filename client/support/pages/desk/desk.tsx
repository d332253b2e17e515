import { useState } from 'react';
import { Input, View } from '@tarojs/components';
import { MainButton } from '@client/components/main-button';
import { Notice } from '@client/components/notice';
import { Pressable } from '@client/components/pressable';
import { liveRegionProps } from '@client/components/accessibility';
import { signOutStaff } from '../../staff-session';
import { useStaffTexts } from '../../texts';
import { CardDetail } from './card-detail';
import { OrderDetail } from './order-detail';
import { Results } from './results';
import type { Selection } from './selection';

/** The BFF's shortest search. */
const MIN_QUERY_LENGTH = 4;

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
        <Input
          id="desk-query"
          className="sheet-input"
          {...{ 'aria-label': texts.query, autoComplete: 'off' }}
          confirmType="search"
          placeholder={texts.placeholder}
          placeholderClass="input-placeholder"
          maxlength={64}
          value={text}
          onInput={(event) => setText(event.detail.value)}
          onConfirm={submit}
        />
        <MainButton id="desk-search" onPress={submit}>
          {texts.search}
        </MainButton>
      </View>
      {isTooShort && (
        <View className="sheet-fault" {...liveRegionProps()}>
          {texts.tooShort}
        </View>
      )}
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

/** The desk: a number in, its cards and orders in a list, and beside it all there is to know. */
export function Desk({ username }: { username: string }) {
  const texts = useStaffTexts();
  const [query, setQuery] = useState('');
  const [selection, setSelection] = useState<Selection>();
  const search = (wanted: string): void => {
    setQuery(wanted);
    setSelection(undefined);
  };
  return (
    <View className="desk">
      <View className="desk-head">
        <SearchBar onSearch={search} />
        <View className="desk-who">
          <View>{username}</View>
          <Pressable
            id="staff-sign-out"
            className="section-action"
            onPress={() => void signOutStaff()}
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
