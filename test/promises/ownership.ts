import type { Json } from "./hands";

/** A request that changes something, as the emulator logged it. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number | null;
}

const STAMP = "pulumi-created-by";
const CLAIM = /^pulumi-claim-(\d+)$/;
/** Who wrote an entry that no program of the test sent. */
export const STRANGER = "a stranger";

export const isMark = (key: string): boolean => key === STAMP || CLAIM.test(key);

export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

export const operationsOf = ({ method, body }: Write): readonly PatchOperation[] =>
  method === "PATCH" && Array.isArray(body) ? (body as PatchOperation[]) : [];

/** The key of the property that a pointer names; undefined for another pointer. */
export const propertyIn = (path: string): string | undefined => {
  const key = /^\/properties\/(.+)$/.exec(path)?.[1];
  return key?.replaceAll("~1", "/").replaceAll("~0", "~");
};

/** The properties that a request leaves, when it is accepted. */
export const propertiesAfter = (before: Json, write: Write): Json => {
  // Without a status the connection was cut, and the request may have taken effect.
  if (write.status !== null && write.status >= 300) return before;
  if (write.method === "DELETE") return {};
  if (write.method === "POST" && /\/services$/.test(write.path))
    return ((write.body as Json)["properties"] ?? {}) as Json;
  const added = operationsOf(write).flatMap(({ path, value }) => {
    const key = propertyIn(path);
    return key === undefined ? [] : [[key, value] as const];
  });
  return { ...before, ...Object.fromEntries(added) };
};

/**
 * Who owns a service, by rules of its own: the stamp of whoever made it, outdone by the claim with the highest number.
 * Whose a stamp or claim is, it knows by having seen which program sent it first, not by reading it.
 */
export const openOwnership = () => {
  const senders = new Map<string, string>();
  const mark = (key: string, value: unknown): string => `${key} ${String(value)}`;
  return Object.freeze({
    /** Notes whose the marks are that a program has sent. */
    sent: (program: string, write: Write): void => {
      for (const [key, value] of Object.entries(propertiesAfter({}, write)))
        if (isMark(key) && !senders.has(mark(key, value))) senders.set(mark(key, value), program);
    },
    /** undefined: nobody. */
    ownerOf: (properties: Json): string | undefined => {
      const [highest] = Object.keys(properties)
        .filter((key) => CLAIM.test(key))
        .sort((one, other) => numberOf(other) - numberOf(one));
      const decides = highest ?? (STAMP in properties ? STAMP : undefined);
      if (decides === undefined) return undefined;
      return senders.get(mark(decides, properties[decides])) ?? STRANGER;
    },
  });
};

export type Ownership = ReturnType<typeof openOwnership>;

const numberOf = (key: string): number => Number(CLAIM.exec(key)![1]);
