interface CommandEntry {
  /** What is typed. */
  usage: string;
  summary: string;
  /** The TypeScript file of the command. */
  source: string;
  /** Whether it is also bundled into `dist/server`, for production. */
  bundled: boolean;
}

/** The commands of package.json, by the name the launcher takes. */
export const commands: Readonly<Record<string, CommandEntry>>;
