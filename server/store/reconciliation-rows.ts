/** The comparison of one day's records with those of the channel and the platform. */
export interface ReconciliationRow {
  id: string;
  /** A Beijing calendar day, YYYY-MM-DD. */
  day: string;
  channel: string;
  compared_at: number;
  /** The payments and refunds of that day on each side, in fen. */
  taken_here_fen: number;
  taken_there_fen: number;
  returned_here_fen: number;
  returned_there_fen: number;
}

export interface DifferenceRow {
  id: string;
  day: string;
  channel: string;
  kind:
    | 'paidThereNotHere'
    | 'paidHereNotThere'
    | 'amountDiffers'
    | 'deliveredUnpaid'
    | 'paidUndelivered'
    | 'refundDiffers'
    | 'refundedThereNotHere'
    | 'billRowUnreadable';
  order_number: string;
  /** The transaction or refund number, if there is one; else empty. */
  reference: string;
  here_fen: number | null;
  there_fen: number | null;
  /** Whether the rules settle it; the others need a person. */
  automatic: 0 | 1;
  found_at: number;
  settled_at: number | null;
}
