const READER_GONE = 141; // what a shell gives a command that SIGPIPE has ended

/** Ends this process without a stack when whoever reads what it prints has gone, as in `npm run demo | head`. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(READER_GONE);
  });
}
