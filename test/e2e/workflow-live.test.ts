import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly env: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}

const folder = join(__dirname, "..", "..", "examples", "environments", ".github", "workflows");
const textOf = (name: string): string => readFileSync(join(folder, `${name}.yml`), "utf8");
const read = (name: string): Workflow => parse(textOf(name), { strict: true, uniqueKeys: true }) as Workflow;
const jobOf = (name: string) => Object.values(read(name).jobs)[0]!;

const OIDC = {
  ARM_USE_OIDC: "true",
  ARM_CLIENT_ID: "${{ vars.AZURE_CLIENT_ID }}",
  ARM_TENANT_ID: "${{ vars.AZURE_TENANT_ID }}",
  ARM_SUBSCRIPTION_ID: "${{ vars.AZURE_SUBSCRIPTION_ID }}",
};

describe.each(["preview-live", "drift"])("the workflow %s", (name) => {
  it("signs in by OIDC, and holds no secret", () => {
    expect(read(name).permissions).toMatchObject({ contents: "read", "id-token": "write" });
    expect(jobOf(name).env).toMatchObject(OIDC);
    expect(textOf(name)).not.toMatch(/secrets\.|PASSWORD|CLIENT_SECRET|PULUMI_ACCESS_TOKEN/);
  });

  it("uses the steps of preview.yml, with fixed major versions", () => {
    const known = jobOf("preview").steps.map(({ uses, run }) => uses ?? run);
    for (const { uses, run } of jobOf(name).steps)
      if (!run?.includes("pulumi refresh")) expect(known).toContain(uses ?? run);
  });

  it("uses expressions of GitHub's own contexts, and closes each", () => {
    const expressions = [...textOf(name).matchAll(/\$\{\{([^}]*)\}\}/g)].map(([, inner = ""]) =>
      inner.trim(),
    );
    expect(textOf(name).match(/\$\{\{/g)).toHaveLength(expressions.length);
    for (const expression of expressions) expect(expression).toMatch(/^(github|matrix|vars)\.[\w.]+$/);
  });
});

describe("preview-live", () => {
  it("is preview.yml with live previews", () => {
    const [live, plain] = [read("preview-live"), read("preview")];
    expect([live.on, live.permissions]).toEqual([plain.on, plain.permissions]);
    expect(jobOf("preview-live").env).toEqual({ ...OIDC, AZUREML_LIVE_PREVIEW: "1" });
    expect(jobOf("preview-live").steps).toEqual(jobOf("preview").steps);
  });
});

describe("drift", () => {
  let work: string;
  beforeEach(() => {
    work = mkdtempSync(join(realpathSync(tmpdir()), "azureml-drift-"));
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  /** Runs the report as GitHub would, with a `pulumi` that notes its arguments and ends so. */
  const report = (exitCode: number, says: string) => {
    const pulumi = join(work, "pulumi");
    writeFileSync(pulumi, `#!/bin/sh\necho "$@" > "${work}/arguments"\necho "${says}"\nexit ${exitCode}\n`);
    chmodSync(pulumi, 0o755);
    const step = jobOf("drift").steps.find(({ run }) => run?.includes("pulumi refresh"))!;
    const { status, stdout } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run!],
      {
        cwd: work,
        encoding: "utf8",
        env: {
          PATH: [work, process.env["PATH"]].join(delimiter),
          STACK: "acme/prod",
          GITHUB_STEP_SUMMARY: join(work, "summary"),
        },
      },
    );
    const file = (name: string): string => readFileSync(join(work, name), "utf8");
    return { status, stdout, summary: file("summary"), args: file("arguments").trim() };
  };

  it("runs each night, and by hand", () => {
    expect(Object.keys(read("drift").on)).toEqual(["schedule", "workflow_dispatch"]);
  });

  it("changes nothing, and asks for an exit code that tells drift", () => {
    expect(report(0, "ok").args).toBe(
      "refresh --stack acme/prod --preview-only --expect-no-changes --diff --non-interactive --color never",
    );
  });

  it("passes where nothing has drifted", () => {
    expect(report(0, "no changes")).toMatchObject({
      status: 0,
      stdout: "no changes\n",
      summary: "## acme/prod: no drift\n```text\nno changes\n```\n",
    });
  });

  it("fails with the engine's own code where something has, and shows what", () => {
    expect(report(255, "~ numReplicas: 3 => 8")).toMatchObject({
      status: 255,
      summary: "## acme/prod: drift, or a failure\n```text\n~ numReplicas: 3 => 8\n```\n",
    });
  });

  it("is a script that the shell can read", () => {
    const step = jobOf("drift").steps.find(({ run }) => run?.includes("pulumi refresh"))!;
    expect(() => execFileSync("bash", ["-n", "-c", step.run!])).not.toThrow();
  });
});
