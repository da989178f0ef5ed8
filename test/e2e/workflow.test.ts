import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";

jest.setTimeout(300_000);

const repository = join(__dirname, "..", "..");
const example = join(repository, "examples", "environments");
const file = join(example, ".github", "workflows", "preview.yml");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly "runs-on": string;
        readonly "timeout-minutes": number;
        readonly strategy: { readonly matrix: { readonly stack: readonly string[] } };
        readonly steps: readonly Step[];
      }
    >
  >;
}

const text = readFileSync(file, "utf8");
const workflow = parse(text, { strict: true, uniqueKeys: true }) as Workflow;
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);
const using = (action: string): Step => {
  const found = steps.find(({ uses }) => uses?.startsWith(`${action}@`));
  if (!found) throw new Error(`no step uses ${action}`);
  return found;
};

/** Inputs of each action that the workflow uses, from the actions' own manifests. */
const inputs: Readonly<Record<string, readonly string[]>> = {
  "actions/checkout@v4": [],
  "actions/setup-node@v4": ["node-version", "cache"],
  "pulumi/auth-actions@v1": ["organization", "requested-token-type", "scope"],
  "pulumi/actions@v6": ["command", "stack-name", "comment-on-pr", "edit-pr-comment", "diff"],
};

describe("the pull-request workflow of the environments example", () => {
  it("runs for pull requests alone, and cancels what a newer push makes useless", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    expect(jobs.map((job) => job)).toEqual([
      expect.objectContaining({
        concurrency: expect.objectContaining({ "cancel-in-progress": true }) as unknown,
      }),
    ]);
  });

  it("asks for no more permissions than a comment and OIDC need", () => {
    expect(workflow.permissions).toEqual({
      contents: "read",
      "id-token": "write",
      "pull-requests": "write",
    });
  });

  it.each(steps.map((step) => [step.name ?? step.uses ?? "a step", step] as const))(
    "%s is either an action of a fixed major version with inputs that it has, or a command",
    (_, { uses, run, with: given = {} }) => {
      expect([uses, run].filter((part) => part !== undefined)).toHaveLength(1);
      if (uses === undefined) return;
      expect(Object.keys(inputs)).toContain(uses);
      expect(inputs[uses]).toEqual(expect.arrayContaining(Object.keys(given)));
    },
  );

  it("uses expressions of GitHub's own contexts, and closes each", () => {
    const expressions = [...text.matchAll(/\$\{\{([^}]*)\}\}/g)].map(([, inner = ""]) => inner.trim());
    expect(text.match(/\$\{\{/g)).toHaveLength(expressions.length);
    for (const expression of expressions) expect(expression).toMatch(/^(github|matrix)\.[\w.]+$/);
  });

  it("previews each environment that has settings, and comments on the pull request", () => {
    const { stack } = jobs[0]!.strategy.matrix;
    for (const name of stack) expect(() => readFileSync(join(example, `Pulumi.${name}.yaml`))).not.toThrow();
    expect(using("pulumi/actions").with).toMatchObject({
      command: "preview",
      "stack-name": "acme/${{ matrix.stack }}",
      "comment-on-pr": true,
    });
  });

  it("holds no stored secret and no Azure credential: Pulumi Cloud is reached by OIDC", () => {
    expect(text).not.toMatch(/secrets\.|ARM_|AZURE_|azure\/login|PULUMI_ACCESS_TOKEN/i);
    expect(using("pulumi/auth-actions").with).toMatchObject({ organization: "acme" });
  });

  it("needs no Azure credential, since no program of the example reads with .get", () => {
    for (const source of ["index.ts", "scoring-service.ts", "environment.ts"])
      expect(readFileSync(join(example, source), "utf8")).not.toMatch(/AksWebservice\.get\b|getService/);
  });
});

/** A copy of the example, with an `npm` whose `ci` links what is installed here in place of asking a registry. */
const checkedOut = () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "azureml-workflow-"));
  const project = join(folder, "project");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  cpSync(example, project, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  const npm = join(bin, "npm");
  writeFileSync(
    npm,
    `#!/bin/sh\n[ "$1" = ci ] || { echo "npm $*: expected only npm ci" >&2; exit 1; }\nln -s "$INSTALLED" node_modules\n`,
  );
  chmodSync(npm, 0o755);
  symlinkSync(join(repository, "node_modules"), join(folder, "installed"));
  return { folder, project, bin, installed: join(repository, "node_modules") };
};

describe("its commands", () => {
  let copy: ReturnType<typeof checkedOut>;
  beforeAll(() => {
    copy = checkedOut();
  });
  afterAll(() => rmSync(copy.folder, { recursive: true, force: true }));

  const commands = steps.flatMap(({ name, run }) => (run === undefined ? [] : [[name ?? run, run] as const]));

  const runsAs = (run: string): string =>
    execFileSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: copy.project,
      encoding: "utf8",
      env: {
        ...process.env,
        INSTALLED: copy.installed,
        PATH: [copy.bin, join(copy.installed, ".bin"), process.env["PATH"]].join(delimiter),
      },
    });

  it.each(commands)("%s: succeeds as GitHub would run it", (_, run) => {
    expect(() => runsAs(run)).not.toThrow();
  });

  it("notice a program that does not compile", () => {
    const [, check = ""] = commands.find(([, run]) => /tsc/.test(run)) ?? [];
    const broken = join(copy.project, "index.ts");
    const before = readFileSync(broken, "utf8");
    writeFileSync(broken, `${before}\nexport const wrong: number = "text";\n`);
    try {
      expect(() => runsAs(check)).toThrow(/TS2322|Command failed/);
    } finally {
      writeFileSync(broken, before);
    }
  });
});
