import { useState } from 'react';
import { parseCardNumber } from '@shared/card-number';
import type { Card } from '@shared/contract';
import { useErrorWords } from '@client/components/failure';
import { useTexts } from '@client/i18n/language';
import { openCard } from '@client/navigation';
import { scanNumber } from '@client/platform/scan';
import { useLookUp } from '@client/state/cards';
import { rememberLookUp } from '@client/state/kept';

interface CardSearch {
  text: string;
  setText(text: string): void;
  searching: boolean;
  /** What was wrong with the last try. */
  fault: string | undefined;
  /** Several cards answer to the number: which is meant? */
  choices: readonly Card[];
  choose(card: Card): void;
  dropChoices(): void;
  /** Looks a number up and opens its card. */
  search(input: string): Promise<void>;
  scan(): Promise<void>;
}

/** Typing, scanning and looking up, up to the card's own page. */
export function useCardSearch(): CardSearch {
  const texts = useTexts();
  const words = useErrorWords();
  const lookUp = useLookUp();
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string>();
  const [choices, setChoices] = useState<readonly Card[]>([]);

  function choose(card: Card): void {
    setChoices([]);
    rememberLookUp(card);
    openCard(card.id);
  }

  async function search(input: string): Promise<void> {
    const number = parseCardNumber(input);
    setFault(number ? undefined : texts.home.numberInvalid);
    if (!number || lookUp.isPending) return;
    try {
      const cards = await lookUp.mutateAsync(number.value);
      const [only] = cards;
      if (only && cards.length === 1) choose(only);
      else setChoices(cards);
    } catch (error) {
      const { title, detail } = words(error as Error);
      setFault(`${title}。${detail}`);
    }
  }

  async function scan(): Promise<void> {
    const { scanTitle: title, scanFailed: failed } = texts.home;
    try {
      const number = await scanNumber({ title, failed, cancel: texts.common.cancel });
      if (number === undefined) return;
      setText(number);
      await search(number);
    } catch {
      setFault(failed);
    }
  }

  return {
    text,
    setText,
    searching: lookUp.isPending,
    fault,
    choices,
    choose,
    dropChoices: () => setChoices([]),
    search,
    scan,
  };
}
