import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** Forbids imports that match any of the groups; `why` is printed with the finding. */
const only = (files, ...groups) => ({
  files,
  rules: {
    "no-restricted-imports": ["error", { patterns: groups.map(([group, why]) => ({ group, message: why })) }],
  },
});

const packages = ["@pulumi/*", "@pulumi/pulumi/**", "@azure/*", "undici", "@grpc/*", "node:*"];
const noUndici = ["undici", "undici belongs to client/http.ts"];
const noIdentity = ["@azure/identity", "@azure/identity belongs to client/auth"];

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "coverage/", "reports/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 12],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "max-lines": "off", "max-lines-per-function": "off" },
  },
  {
    files: ["**/*.js", "**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        module: "writable",
        __dirname: "readonly",
        process: "readonly",
        console: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  only(
    ["provider/model/**/*.ts"],
    [
      [...packages, "**/semantics/**", "**/client/**", "**/host/**", "**/lifecycle/**"],
      "the model imports nothing",
    ],
  ),
  only(
    ["provider/semantics/**/*.ts"],
    [
      [...packages.filter((p) => p !== "node:*"), "**/client/**", "**/host/**", "**/lifecycle/**"],
      "semantics are pure: model only",
    ],
  ),
  only(
    ["provider/client/**/*.ts"],
    [
      ["**/model/**", "**/semantics/**", "**/host/**", "**/lifecycle/**", "@pulumi/**"],
      "the client knows nothing of settings or of Pulumi",
    ],
    [[noUndici[0]], noUndici[1]],
    [[noIdentity[0]], noIdentity[1]],
  ),
  only(
    ["provider/client/http.ts"],
    [
      ["**/model/**", "**/semantics/**", "**/host/**", "**/lifecycle/**", "@pulumi/**", "@azure/identity"],
      "http knows undici and nothing above it",
    ],
  ),
  only(
    ["provider/client/auth.ts", "provider/client/auth/**/*.ts"],
    [
      ["**/model/**", "**/semantics/**", "**/host/**", "**/lifecycle/**", "@pulumi/**", "undici"],
      "auth knows @azure/identity and nothing above it",
    ],
  ),
  only(
    ["provider/packaging/**/*.ts"],
    [
      [
        "**/model/**",
        "**/semantics/**",
        "**/client/**",
        "**/lifecycle/**",
        "undici",
        "@azure/*",
        "@pulumi/**",
      ],
      "packaging knows files and archives only",
    ],
  ),
  only(
    ["provider/host/**/*.ts"],
    [
      ["**/model/**", "**/semantics/**", "**/client/**", "**/lifecycle/**", "undici", "@azure/*"],
      "the host knows only Pulumi",
    ],
  ),
  only(
    ["provider/lifecycle/**/*.ts", "provider/functions/**/*.ts"],
    [["undici", "@azure/*", "@pulumi/**", "@grpc/*"], "the lifecycle joins semantics, client and host"],
  ),
  only(
    ["provider/index.ts"],
    [
      ["undici", "@azure/*", "**/semantics/**", "**/client/**", "**/model/**"],
      "provider/index.ts imports the lifecycle only",
    ],
  ),
  only(
    ["sdk/**/*.ts"],
    [
      ["**/provider/**", "pulumi-azureml/*", "**/emulator/**", "undici", "@azure/*"],
      "the sdk meets the provider by package name at run time",
    ],
  ),
  only(
    ["emulator/**/*.ts"],
    [
      [
        "**/provider/**",
        "**/sdk/**",
        "pulumi-azureml",
        "pulumi-azureml/*",
        "@pulumi/**",
        "undici",
        "@azure/*",
      ],
      "the emulator is an independent witness",
    ],
  ),
  only(
    ["rehearsal/**/*.ts"],
    [
      ["**/provider/**", "**/sdk/**", "**/emulator/**", "pulumi-azureml", "pulumi-azureml/*"],
      "the rehearsal knows only Pulumi",
    ],
  ),
);
