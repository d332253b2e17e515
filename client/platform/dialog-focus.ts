import type { UseDialogFocus } from './ports';

const noAttributes = {};

/** WeChat manages the focus of its screen reader itself. */
export const useDialogFocus: UseDialogFocus = () => noAttributes;
