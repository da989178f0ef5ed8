/**
 * The promise that was made for this key, or a new one. A promise that rejects is forgotten, so that the next caller
 * tries again while everyone who waits for it now gets its error.
 */
export function remember<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known) return known;
  const fresh = make();
  made.set(key, fresh);
  fresh.catch(() => {
    if (made.get(key) === fresh) made.delete(key);
  });
  return fresh;
}
