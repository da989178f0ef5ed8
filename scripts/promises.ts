import { main } from "../test/promises/main";
import { runProgram } from "./program";

runProgram("promises", (args) => main(args, (text) => process.stdout.write(`${text}\n`)));
