/** A test that proves a row: its file in the repository, and its full name, with the names of its groups. */
export interface Proof {
  readonly file: string;
  readonly name: string;
}

/** Something that the Python class's documentation names, and what it is here. */
export interface Row {
  /** The method it belongs to; `variable` for the class's own. */
  readonly of: string;
  readonly member: string;
  /** As the class documents it; `none` where it documents none. */
  readonly default: string;
  readonly here: string;
  readonly proofs: readonly Proof[];
}

export const proof = (file: string, name: string): Proof => Object.freeze({ file, name });

export const row = (
  of: string,
  member: string,
  here: string,
  proofs: readonly Proof[],
  fallback = "none",
): Row => Object.freeze({ of, member, default: fallback, here, proofs });
