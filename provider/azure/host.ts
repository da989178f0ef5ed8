/** This machine itself. */
const isLoopbackName = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** The machine's own link, where cloud machines find their metadata and managed identity (169.254.169.254). */
const isLinkLocal = (hostname: string): boolean => /^169\.254(\.\d+){2}$|^\[fe[89ab]/i.test(hostname);

/** What no proxy can reach in this machine's place. */
export const isOfThisMachine = ({ hostname }: URL): boolean =>
  isLoopbackName(hostname) || hostname.endsWith(".localhost") || isLinkLocal(hostname);

/** A token never leaves the machine in the clear: http is for an emulator on loopback alone. */
export const isSafe = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname));
