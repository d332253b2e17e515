/** What is looked at. */
export interface Selection {
  kind: 'card' | 'order';
  id: string;
}
