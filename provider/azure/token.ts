/** A bearer token with the end of its life in milliseconds since 1970 (Infinity when unknown). */
export interface BearerToken {
  readonly token: string;
  readonly expiresOn: number;
}

/** Where the requests of a process get their token. */
export interface TokenSource {
  /** The present token. Throws ServiceError NoCredential or CredentialRefused. */
  current(): Promise<string>;
  /**
   * The service answered 401 to this token: the next one that may do. Throws CredentialRefused when none is left.
   *
   * @param again whether it was refused to this caller before: a single refusal may be a moment's, so that the same token
   * may come back once
   */
  replace(refused: string, again: boolean): Promise<string>;
}
