import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, type Given } from "../command-line";
import { findServices, sourceOptions } from "../from";
import type { CliContext, Command } from "../program";
import type { Terminal } from "../terminal";
import { assess, type AssessOptions, type Assessment } from "./assessment";
import type { InstanceType } from "./instance-types";
import { markdownOf, printAssessment } from "./report";

const formats = ["text", "markdown", "json"] as const;
const authModes = ["Key", "AMLToken", "AADToken"] as const;

export const assessCommand: Command = {
  usage: "assess [options]",
  about: `Says what becomes of web services as Kubernetes online endpoints: which are ready, which need a decision, which are blocked, and each
setting old and new; what people have to do, which InstanceTypes the cluster needs, and how large it has to be. It only reads, and no
key. What is not named of the destination is unknown in the report. Exit status 2: a service needs a decision or is blocked.`,
  options: [
    ...sourceOptions,
    { name: "compute", value: "NAME", doc: "the Kubernetes compute that endpoints will run on" },
    { name: "namespace", value: "NAME", doc: "the namespace that this compute was attached with" },
    { name: "location", value: "REGION", doc: "the workspace's region, for the report" },
    {
      name: "auth-mode",
      value: "MODE",
      doc: `who may call what anyone may call now: ${authModes.join(", ")}`,
    },
    {
      name: "instance-type",
      value: "NAME=CORES,GI[,GPUS]",
      repeated: true,
      doc: "an InstanceType that the cluster has, and its limits, such as large=8,32 (default: defaultinstancetype=2,2)",
    },
    { name: "format", value: "FORMAT", doc: `${formats.join(", ")} (default text); --json is --format json` },
  ],
  run: (context, given, terminal) => runAssess(context, given, terminal),
};

const runAssess = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const [format, options] = [formatOption(given), assessOptions(given)];
  const found = await findServices(context, given, terminal);
  const assessment = assess(found, options);
  print(assessment, format, context, terminal);
  if (assessment.total === 0) {
    terminal.warn("There is no service on AKS to assess. Check --filter and the workspace.");
    return exitStatus.findings;
  }
  const { now, leftOut } = assessment;
  return now["needs a decision"] + now.blocked + leftOut.length > 0 ? exitStatus.findings : exitStatus.fine;
};

const print = (
  assessment: Assessment,
  format: (typeof formats)[number],
  { streams }: CliContext,
  terminal: Terminal,
): void => {
  if (format === "text") printAssessment(assessment, terminal);
  if (format === "json") streams.stdout.write(`${JSON.stringify(assessment, null, 2)}\n`);
  if (format === "markdown") for (const line of markdownOf(assessment).split("\n")) terminal.line(line);
};

const formatOption = (given: Given): (typeof formats)[number] => {
  if (given.flag("json")) return "json";
  return oneOf(formats, "format", given) ?? "text";
};

const oneOf = <T extends string>(known: readonly T[], name: string, given: Given): T | undefined => {
  const text = given.text(name);
  const one = known.find((value) => value.toLowerCase() === text?.toLowerCase());
  if (text === undefined || one !== undefined) return one;
  throw badArguments(`--${name}: expected ${known.join(", ")}, found ${JSON.stringify(text)}`);
};

const assessOptions = (given: Given): AssessOptions => {
  const named = {
    location: given.text("location"),
    compute: nameOption(given, "compute", /^[A-Za-z][A-Za-z0-9-]{1,31}$/, "a compute's name"),
    namespace: nameOption(given, "namespace", /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a namespace"),
    authMode: oneOf(authModes, "auth-mode", given),
  };
  return {
    ...(Object.fromEntries(
      Object.entries(named).filter(([, value]) => value !== undefined),
    ) as Partial<AssessOptions>),
    instanceTypes: given.texts("instance-type").map(instanceTypeOf),
  };
};

const nameOption = (given: Given, option: string, pattern: RegExp, what: string): string | undefined => {
  const name = given.text(option);
  if (name === undefined || pattern.test(name)) return name;
  throw badArguments(`--${option}: expected ${what}, found ${JSON.stringify(name)}`);
};

const instanceTypeOf = (text: string): InstanceType => {
  const [, name, cpu, memory, gpu = "0"] =
    /^([a-z0-9][-.a-z0-9]*)=(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)(?:,(\d+))?$/.exec(text) ?? [];
  if (name === undefined)
    throw badArguments(
      `--instance-type: expected NAME=CORES,GI or NAME=CORES,GI,GPUS, such as large=8,32, found ${JSON.stringify(text)}`,
    );
  return { name, cpuCores: Number(cpu), memoryGb: Number(memory), gpuCores: Number(gpu) };
};
