import { View } from '@tarojs/components';
import { CARD_INPUT_MAX_LENGTH } from '@shared/card-number';
import { ActionButton } from '@client/components/action-button';
import { InlineError } from '@client/components/inline-error';
import { Pressable } from '@client/components/pressable';
import { TextInput } from '@client/components/text-input';
import { useTexts } from '@client/i18n/language';
import { runInBackground } from '@client/lib/rejections';
import type { useCardSearch } from './use-card-search';

/** The search field with its scan button, and the error of the last search. */
export function SearchBox({ search }: { search: ReturnType<typeof useCardSearch> }) {
  const { home } = useTexts();
  const submit = (): void => runInBackground(search.search(search.text));
  return (
    <View className="search">
      <View className="search-title">{home.title}</View>
      <View className="search-field">
        <TextInput
          id="number-input"
          className="search-input"
          label={home.inputLabel}
          browserProps={{ autoComplete: 'off' }}
          confirmType="search"
          maxLength={CARD_INPUT_MAX_LENGTH}
          placeholder={home.placeholder}
          value={search.text}
          onChange={search.setText}
          onSubmit={submit}
        />
        <Pressable
          id="scan-button"
          className="search-scan"
          label={home.scan}
          onPress={() => runInBackground(search.scan())}
        >
          <View className="search-scan-mark">
            <View className="search-scan-line" />
          </View>
        </Pressable>
      </View>
      {search.error === undefined ? (
        <View className="search-hint">{home.inputLabel}</View>
      ) : (
        <InlineError id="search-error">{search.error}</InlineError>
      )}
      <ActionButton id="lookup-button" busy={search.searching} onPress={submit}>
        {search.searching ? home.lookingUp : home.lookUp}
      </ActionButton>
    </View>
  );
}
