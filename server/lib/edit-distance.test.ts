import { editDistance, nearestName } from './edit-distance';

test.each([
  ['', '', 0],
  ['check', 'check', 0],
  ['chek', 'check', 1],
  ['chekc', 'check', 1],
  ['cgeck', 'check', 1],
  ['migrate', 'restore', 6],
  ['', 'abc', 3],
])('%j is as far from %j as %i edits', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
  expect(editDistance(other, one)).toBe(distance);
});

test('the nearest name is found, unless all are too far away', () => {
  expect(nearestName('bakcup', ['check', 'backup', 'copy'], 2)).toBe('backup');
  expect(nearestName('drop', ['check', 'backup'], 2)).toBeUndefined();
});
