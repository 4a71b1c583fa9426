// Prints what gift-pegjs reads in the file named on the command line, as JSON.
import { readFileSync } from "node:fs";
import { parse } from "gift-pegjs";

console.log(JSON.stringify(parse(readFileSync(process.argv[2], "utf8"))));
