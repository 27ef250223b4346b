#!/usr/bin/env bash
# Believed: a formatter made for Excel's formats shows 1.95 in the two built-in fraction formats, # ?/? and # ??/??, as a
#           number near 1.95.
# True:     numfmt writes the whole part as if the fraction were rounded up to a whole, and the fraction as well: 1.95 is
#           2 19/20, and a completion of 0.95 is 1 19/20. Where the fraction does round up, it keeps both, too: 12.9 is
#           12 1/1. Only some numbers are hit: 1.75 and 12.9 in # ??/?? are right. SheetJS's ssf is right in all.
# Versions: numfmt 4.0.1, ssf 0.11.2 (SheetJS's formatter), Node.js 20.
# Source:   run on 2026-11-30; LibreOffice 7.4 shows 1 19/20 and 19/20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund numfmt@4.0.1 ssf@0.11.2
cat >look.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { format } from "numfmt";
import SSF from "ssf";

for (const [code, number, wrong, right] of [
  ["# ??/??", 1.95, "2 19/20", "1 19/20"],
  ["# ??/??", 0.95, "1 19/20", "19/20"],
  ["# ??/100", 1.95, "2 95/100", "1 95/100"],
  ["# ?/?", 1.95, "2 1/1", "2"],
  ["# ?/?", 12.9, "12 1/1", "13"],
  ["# ??/??", 12.9, "12  9/10", "12  9/10"],
  ["# ?/?", 1.75, "1 3/4", "1 3/4"],
]) {
  const [found, other] = [format(code, number).trim(), SSF.format(code, number).trim()];
  console.log(`${code}  ${number}  numfmt: ${found}  ssf: ${other}`);
  assert.strictEqual(found, wrong);
  assert.strictEqual(other, right);
}
console.log("as described");
JAVASCRIPT
node look.mjs
