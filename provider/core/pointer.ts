/** A JSON Pointer (RFC 6901) from its unescaped parts. */
export const compile = (parts: readonly string[]): string =>
  parts.map((part) => `/${part.replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
