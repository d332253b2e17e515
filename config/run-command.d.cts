/** The source of each command, by name. */
export const sources: Readonly<Record<string, string>>;
/** The commands that are bundled into `dist/server`. */
export const bundled: readonly string[];
