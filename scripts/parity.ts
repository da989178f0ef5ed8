import { main } from "../test/parity/parity";
import { runProgram } from "./program";

runProgram("parity", main);
