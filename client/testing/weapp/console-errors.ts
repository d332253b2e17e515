/**
 * Collects errors and warnings of the console. The template engine only warns about a missing template and
 * leaves a gap in the page, and React logs its errors, so tests check that nothing was logged.
 *
 * @returns the messages logged so far; the array grows
 */
export function collectConsoleErrors(): string[] {
  const consoleErrors: string[] = [];
  for (const level of ['error', 'warn'] as const) {
    jest.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      consoleErrors.push(`${level}: ${parts.map(String).join(' ')}`);
    });
  }
  return consoleErrors;
}
