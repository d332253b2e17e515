/** The card or order whose details are shown. */
export interface Selection {
  kind: 'card' | 'order';
  id: string;
}
