import { useState } from 'react';
import { parseCardNumber, readCardNumber } from '@shared/card-number';
import type { Card } from '@shared/contract';
import { useErrorText } from '@client/components/error-notice';
import { useTexts } from '@client/i18n/language';
import { openCard } from '@client/lib/navigation';
import { isPermissionDenied } from '@client/lib/wechat-failure';
import { scanNumber } from '@client/platform/scan';
import { useCardLookUp } from '@client/state/cards';
import { addRecentLookUp } from '@client/state/persisted-state';

interface CardSearch {
  text: string;
  setText(text: string): void;
  searching: boolean;
  /** The error of the last search. */
  error: string | undefined;
  /** The cards to choose from, if several match the number. */
  choices: readonly Card[];
  choose(card: Card): void;
  clearChoices(): void;
  /** Looks up a number and opens its card. */
  search(input: string): Promise<void>;
  scan(): Promise<void>;
}

/** The state and actions of the search: entering or scanning a number and opening its card. */
export function useCardSearch(): CardSearch {
  const texts = useTexts();
  const errorText = useErrorText();
  const lookUp = useCardLookUp();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [choices, setChoices] = useState<readonly Card[]>([]);

  function choose(card: Card): void {
    setChoices([]);
    addRecentLookUp(card);
    openCard(card.id);
  }

  async function search(input: string): Promise<void> {
    const number = readCardNumber(input);
    setError(typeof number === 'string' ? texts.home.numberProblems[number] : undefined);
    if (typeof number === 'string' || lookUp.isPending) return;
    try {
      const cards = await lookUp.mutateAsync(number.value);
      const [only] = cards;
      if (only && cards.length === 1) choose(only);
      else setChoices(cards);
    } catch (error) {
      const { title, detail } = errorText(error as Error);
      setError(texts.common.sentences(title, detail));
    }
  }

  async function scan(): Promise<void> {
    const { scanTitle: title, scanFailed: failed } = texts.home;
    try {
      const number = await scanNumber({ title, failed, cancel: texts.common.cancel });
      if (number === undefined) return;
      const read = parseCardNumber(number);
      setText(read?.value ?? number);
      await search(number);
    } catch (error) {
      setError(isPermissionDenied(error) ? texts.home.scanRefused : failed);
    }
  }

  return {
    text,
    setText,
    searching: lookUp.isPending,
    error,
    choices,
    choose,
    clearChoices: () => setChoices([]),
    search,
    scan,
  };
}
