import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, formatOf, formatOption, oneOf, type Given } from "../command-line";
import { destinationOf, destinationOptions } from "../destination";
import { findServices, sourceOptions } from "../service-source";
import type { CliContext, Command } from "../program";
import type { Terminal } from "../terminal";
import { assess, type AssessOptions } from "./assessment";
import type { InstanceType } from "./instance-types";
import { markdownOf, printAssessment } from "./report";

const authModes = ["Key", "AMLToken", "AADToken"] as const;

export const assessCommand: Command = {
  usage: "assess [options]",
  about: `Says what becomes of web services as Kubernetes online endpoints: which are ready, which need a decision, which are blocked, and each
setting old and new; what people have to do, which InstanceTypes the cluster needs, and how large it has to be. It only reads, and no
key. What is not named of the destination is unknown in the report. Exit status 2: a service needs a decision or is blocked.`,
  options: [
    ...sourceOptions,
    ...destinationOptions,
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
    formatOption,
  ],
  run: (context, given, terminal) => runAssess(context, given, terminal),
};

const runAssess = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const [format, options] = [formatOf(given), assessOptions(given)];
  const assessment = assess(await findServices(context, given, terminal), options);
  terminal.json(assessment);
  if (format === "markdown") terminal.line(markdownOf(assessment));
  else printAssessment(assessment, terminal);
  if (assessment.total === 0) {
    terminal.warn("There is no service on AKS to assess. Check --filter and the workspace.");
    return exitStatus.findings;
  }
  const { now, leftOut } = assessment;
  return now["needs a decision"] + now.blocked + leftOut.length > 0 ? exitStatus.findings : exitStatus.fine;
};

const assessOptions = (given: Given): AssessOptions => ({
  ...destinationOf(given),
  authMode: oneOf(authModes, "auth-mode", given),
  instanceTypes: given.texts("instance-type").map(instanceTypeOf),
});

const instanceTypeOf = (text: string): InstanceType => {
  const [, name, cpu, memory, gpu = "0"] =
    /^([a-z0-9][-.a-z0-9]*)=(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)(?:,(\d+))?$/.exec(text) ?? [];
  if (name === undefined)
    throw badArguments(
      `--instance-type: expected NAME=CORES,GI or NAME=CORES,GI,GPUS, such as large=8,32, found ${JSON.stringify(text)}`,
    );
  return { name, cpuCores: Number(cpu), memoryGb: Number(memory), gpuCores: Number(gpu) };
};
