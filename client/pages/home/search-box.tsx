import { Input, View } from '@tarojs/components';
import { MainButton } from '@client/components/main-button';
import { Pressable } from '@client/components/pressable';
import { liveRegionProps } from '@client/components/accessibility';
import { useTexts } from '@client/i18n/language';
import type { useCardSearch } from './use-card-search';

/** One field with the scan button in it, and what was wrong with the last try. */
export function SearchBox({ search }: { search: ReturnType<typeof useCardSearch> }) {
  const { home } = useTexts();
  const submit = (): void => void search.search(search.text);
  return (
    <View className="search">
      <View className="search-ask">{home.ask}</View>
      <View className="search-field">
        <Input
          id="number-input"
          className="search-input"
          {...{ 'aria-label': home.inputLabel, autoComplete: 'off' }}
          type="text"
          confirmType="search"
          maxlength={64}
          placeholder={home.placeholder}
          placeholderClass="input-placeholder"
          value={search.text}
          onInput={(event) => search.setText(event.detail.value)}
          onConfirm={submit}
        />
        <Pressable
          id="scan-button"
          className="search-scan"
          label={home.scan}
          onPress={() => void search.scan()}
        >
          <View className="search-scan-mark">
            <View className="search-scan-line" />
          </View>
        </Pressable>
      </View>
      {search.error === undefined ? (
        <View className="search-hint">{home.inputLabel}</View>
      ) : (
        <View id="search-fault" className="search-fault" {...liveRegionProps()}>
          {search.error}
        </View>
      )}
      <MainButton id="lookup-button" busy={search.searching} onPress={submit}>
        {search.searching ? home.lookingUp : home.lookUp}
      </MainButton>
    </View>
  );
}
