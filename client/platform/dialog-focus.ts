import type { UseDialogFocus } from './ports';

const nothing = {};

/** WeChat keeps the reader's focus itself. */
export const useDialogFocus: UseDialogFocus = () => nothing;
