/** What a handler answers. A string goes out as given, everything else as JSON, `undefined` as no body. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A file to send as the body, instead of `body`. */
  readonly file?: string;
  /** Where in the file the body begins; 0 when absent. */
  readonly from?: number;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
