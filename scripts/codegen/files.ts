import { argsSource } from "./args";
import { fieldsPage } from "./fields-page";

/** Every generated file's text, by its path in the repository. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  "sdk/args.ts": argsSource(),
  "docs/fields.md": fieldsPage(),
});
