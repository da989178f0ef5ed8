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
const noUndici = ["undici", "undici belongs to azure/http.ts"];
const noIdentity = ["@azure/identity", "@azure/identity belongs to azure/auth"];

/** The provider's folders, as an import names them: by a relative path. */
const folders = (...names) => names.map((name) => `**/../${name}/**`);

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
      "max-lines": ["error", { max: 350, skipBlankLines: true, skipComments: true }],
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
    ["provider/schema/**/*.ts"],
    [[...packages, ...folders("core", "azure", "host", "webservice", "model")], "the tables import nothing"],
  ),
  only(
    ["provider/core/**/*.ts"],
    [
      [...packages.filter((name) => name !== "node:*"), ...folders("azure", "host", "webservice", "model")],
      "the core is pure: schema only",
    ],
  ),
  only(
    ["provider/azure/**/*.ts"],
    [
      [...folders("schema", "core", "host", "webservice", "model"), "@pulumi/**"],
      "the workspace's API knows nothing of settings or of Pulumi",
    ],
    [[noUndici[0]], noUndici[1]],
    [[noIdentity[0]], noIdentity[1]],
  ),
  only(
    ["provider/azure/http.ts"],
    [
      [...folders("schema", "core", "host", "webservice", "model"), "@pulumi/**", "@azure/identity"],
      "http knows undici and nothing above it",
    ],
  ),
  only(
    ["provider/azure/auth.ts", "provider/azure/auth/**/*.ts"],
    [
      [...folders("schema", "core", "host", "webservice", "model"), "@pulumi/**", "undici"],
      "auth knows @azure/identity and nothing above it",
    ],
  ),
  only(
    ["provider/packaging/**/*.ts"],
    [
      [...folders("schema", "core", "azure", "webservice", "model"), "undici", "@azure/*", "@pulumi/**"],
      "packaging knows files and archives only",
    ],
  ),
  only(
    ["provider/host/**/*.ts"],
    [
      [...folders("schema", "core", "azure", "webservice", "model"), "undici", "@azure/*"],
      "the host knows only Pulumi",
    ],
  ),
  only(
    ["provider/webservice/**/*.ts", "provider/model/**/*.ts", "provider/functions/**/*.ts"],
    [["undici", "@azure/*", "@pulumi/**", "@grpc/*"], "a resource joins core, azure and host"],
  ),
  only(
    ["provider/index.ts"],
    [
      ["undici", "@azure/*", ...folders("schema", "core", "azure")],
      "provider/index.ts imports the resources only",
    ],
  ),
  only(
    ["kubernetes/**/*.ts"],
    [
      [
        ...packages.filter((name) => name !== "node:*"),
        "pulumi-azureml",
        ...folders("sdk", "cli", "emulator", "rehearsal", "tools"),
        ...["azure", "host", "webservice", "model", "packaging", "functions"].map(
          (name) => `**/provider/${name}/**`,
        ),
      ],
      "the map is pure: schema and core only",
    ],
  ),
  only(
    ["kubernetes/online-service/**/*.ts"],
    [
      [
        ...[
          "@pulumi/azure-native",
          "@pulumi/azure-native/**",
          "@azure/*",
          "undici",
          "@grpc/*",
          "pulumi-azureml",
        ],
        ...folders("cli", "emulator", "rehearsal", "tools"),
        ...["azure", "host", "webservice", "model", "packaging", "functions"].map(
          (name) => `**/provider/${name}/**`,
        ),
      ],
      "the component joins the map, the sdk's arguments and Pulumi; azure-native.ts alone requires azure-native",
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
    ["tools/**/*.ts"],
    [
      [
        "**/provider/**",
        "**/sdk/**",
        "**/emulator/**",
        "**/rehearsal/**",
        "pulumi-azureml",
        "pulumi-azureml/*",
      ],
      "the engine and its language host know only Pulumi",
    ],
  ),
  only(
    ["cli/**/*.ts"],
    [
      [
        ...["sdk", "emulator", "rehearsal", "tools"].map((name) => `**/../${name}/**`),
        ...["host", "webservice", "model", "functions"].map((name) => `**/provider/${name}/**`),
        "pulumi-azureml",
        "undici",
        "@azure/*",
        "@pulumi/**",
      ],
      "the program joins azure, core and schema",
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
