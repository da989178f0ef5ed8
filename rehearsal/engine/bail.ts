/** Ends an operation whose error has been reported already. */
export class Bail extends Error {}
