#!/usr/bin/env bash
# Believed: a package made to read Chinese numerals reads 一亿三千万 and 两千零五, or says that it can't.
# True:     three on npm each give some quite usual amount as another number, without a word. chinese-numbers-converter
#           takes 一亿三千万 for 1000030000000 and 一点五亿 for ten times as much; nzh takes 一点五亿 for 1.5 and 两千零五
#           for 5; chinese-parseint2 takes 一万五千亿 for 500000010000. Python's cn2an and chinese2digits are right
#           wherever they answer; what cn2an can't read it refuses.
# Versions: nzh 1.0.14, chinese-numbers-converter 2.3.1, chinese-parseint2 2.0.6, Node.js 20; cn2an 0.5.24,
#           chinese2digits 6.0.2, CPython 3.11.
# Source:   run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund nzh@1.0.14 chinese-numbers-converter@2.3.1 chinese-parseint2@2.0.6
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cn2an==0.5.24 chinese2digits==6.0.2
cat >look.cjs <<'JAVASCRIPT'
const assert = require("node:assert");
const ChineseNumber = require("chinese-numbers-converter");
const parseint = require("chinese-parseint2");
const Nzh = require("nzh");

const read = parseint.default ?? parseint.chinese_parseInt ?? parseint;
for (const [text, first, second, third] of [
  ["三百二十万", 3200000, 3200000, 3200000],
  ["一亿三千万", 130000000, 1000030000000, 130000000],
  ["两千零五", 5, 2005, 2005],
  ["一点五亿", 1.5, 1500000000, NaN],
  ["一万五千亿", 1500000000000, 1500000000000, 500000010000],
]) {
  const found = [Nzh.cn.decodeS(text), new ChineseNumber(text).toInteger(), read(text)];
  console.log(`${text}  nzh: ${found[0]}  chinese-numbers-converter: ${found[1]}  chinese-parseint2: ${found[2]}`);
  assert.deepStrictEqual(found, [first, second, third]);
}
JAVASCRIPT
node look.cjs
venv/bin/python - <<'PYTHON'
import cn2an
import chinese2digits

for text, number in (
    ("三百二十万", 3200000),
    ("一亿三千万", 130000000),
    ("两千零五", 2005),
    ("一点五亿", 150000000),
    ("一万五千亿", 1500000000000),
):
    try:
        found = cn2an.cn2an(text, "smart")
    except ValueError as error:
        found = f"ValueError: {error}"
    (other,) = chinese2digits.takeNumberFromString(text)["digitsStringList"]
    print(f"{text}  cn2an: {found}  chinese2digits: {other}")
    assert float(other) == number, other
    assert found == number or str(found).startswith("ValueError"), found
print("as described")
PYTHON
