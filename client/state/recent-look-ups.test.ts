import type { Card } from '@shared/contract';
import { addLookUp } from './recent-look-ups';

/** The fields of a card that are stored. */
function card(id: string): Card {
  return { id, number: `898603•••••••••${id}`, carrier: 'telecom' } as Card;
}

test('the card looked up last comes first, and only once', () => {
  const list = addLookUp(addLookUp(addLookUp([], card('1')), card('2')), card('1'));
  expect(list.map(({ cardId }) => cardId)).toEqual(['1', '2']);
});

test('only the latest few are kept', () => {
  const list = ['1', '2', '3', '4', '5', '6'].reduce(
    (before, id) => addLookUp(before, card(id)),
    addLookUp([], card('0')),
  );
  expect(list.map(({ cardId }) => cardId)).toEqual(['6', '5', '4', '3', '2']);
});
