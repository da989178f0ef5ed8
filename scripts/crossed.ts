import { main } from "../test/crossed/crossed";
import { runProgram } from "./program";

runProgram("crossed", main);
