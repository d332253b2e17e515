/**
 * Collects what the console says. The template engine reports a missing template as a warning and
 * goes on with a hole in the page; React reports its faults as errors: neither may go unseen.
 *
 * @returns the complaints so far
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
