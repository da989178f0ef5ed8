import { main } from "../test/faults/matrix";
import { runProgram } from "./program";

runProgram("faults", (args) => main(args, (text) => process.stdout.write(`${text}\n`)));
