// The browser's storage may be closed or full; then things are remembered until the page is left.

const fallback = new Map<string, string>();

export function keep(storage: 'local' | 'session', key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    (storage === 'local' ? localStorage : sessionStorage).setItem(key, text);
  } catch {
    fallback.set(key, text);
  }
}

export function recall(storage: 'local' | 'session', key: string): unknown {
  try {
    const text = (storage === 'local' ? localStorage : sessionStorage).getItem(key) ?? fallback.get(key);
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

export function forget(storage: 'local' | 'session', key: string): void {
  fallback.delete(key);
  try {
    (storage === 'local' ? localStorage : sessionStorage).removeItem(key);
  } catch {
    // Nothing was kept there.
  }
}
