/**
 * An object that forwards every access to the current value of `current`. Tests take it once, at the top
 * of their file, although the value is only created by a hook, and can be another one in each test.
 */
export function lateBound<Value extends object>(current: () => Value): Value {
  return new Proxy({} as Value, {
    get: (_, name): unknown => {
      const value = current();
      const member: unknown = Reflect.get(value, name);
      return typeof member === 'function' ? member.bind(value) : member;
    },
    set: (_, name, member) => Reflect.set(current(), name, member),
    has: (_, name) => Reflect.has(current(), name),
    ownKeys: () => Reflect.ownKeys(current()),
    getOwnPropertyDescriptor: (_, name) => ({
      value: Reflect.get(current(), name) as unknown,
      enumerable: true,
      configurable: true,
    }),
  });
}
