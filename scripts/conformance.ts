import { main } from "../test/conformance/conformance";
import { runProgram } from "./program";

runProgram("conformance", main);
