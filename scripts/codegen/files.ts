import { argsSource } from "./args";
import { fieldsPage } from "./fields-page";
import { migrationPage } from "./migration-page";
import { modelArgsSource } from "./model-args";

/** Every generated file's text, by its path in the repository. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  "sdk/args.ts": argsSource(),
  "sdk/model-args.ts": modelArgsSource(),
  "docs/fields.md": fieldsPage(),
  "docs/migration.md": migrationPage(),
});
