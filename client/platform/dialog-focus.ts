import type { UseDialogFocus } from './ports';

const noAttributes = {};

/** WeChat keeps the reader's focus itself. */
export const useDialogFocus: UseDialogFocus = () => noAttributes;
