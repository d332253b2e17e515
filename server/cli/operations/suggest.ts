import { editDistance } from '../../lib/edit-distance';
import { say } from './say';

const MAX_SUGGESTIONS = 3;

/** The names that may have been meant, the nearest first. */
function suggest(typed: string, names: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  const near = Math.max(2, Math.floor(wanted.length / 3));
  const isPart = (name: string) => wanted.length > 2 && name.includes(wanted);
  return names
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= near || isPart(name.toLowerCase()))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** `; did you mean …?` in the terminal's language, or nothing. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const near = suggest(typed, names);
  return near.length === 0
    ? ''
    : say(`；是不是 ${near.join(' / ')}？`, `; did you mean ${near.join(' / ')}?`);
}
