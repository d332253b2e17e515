/**
 * The part of AbortController that TanStack Query uses. WeChat's runtime has no AbortController; the build
 * provides this one for every global reference to it.
 */
class AbortSignalPolyfill {
  aborted = false;
  reason: unknown = undefined;
  private readonly listeners = new Set<() => void>();

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.listeners]) listener();
  }
}

export class AbortController {
  readonly signal = new AbortSignalPolyfill();

  abort(reason: unknown = new Error('aborted')): void {
    this.signal.abort(reason);
  }
}
