/** Content of a known length, sent as a stream: from its beginning at each try. */
export interface StreamedBody {
  /** In bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
  /** Called with how many bytes of this try have been handed to the network. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** A try's own pass over the content. */
export interface Pass {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Throws the error of the content itself, which is no fault of the network. */
  assertReadable(): void;
}

/** Slower than this, an upload is taken to stand still. */
const slowestBytesPerMs = 50;
const quickestMs = 80_000;

/** How long one try of an upload may take. */
export const longestUploadMs = (size: number): number => quickestMs + size / slowestBytesPerMs;

/** Opens the content for one try. */
export function openPass(content: StreamedBody): Pass {
  let failed: { readonly error: unknown } | undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let sent = 0;
    try {
      for await (const chunk of content.open()) {
        yield chunk;
        sent += chunk.length;
        content.onSent?.(sent);
      }
    } catch (error) {
      failed = { error };
      throw error;
    }
  }
  const assertReadable = (): void => {
    if (failed) throw failed.error;
  };
  return { bytes: bytes(), assertReadable };
}
