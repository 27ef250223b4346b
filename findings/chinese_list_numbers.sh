#!/usr/bin/env bash
# Believed: a converter that keeps numbered lists keeps the numbers of a Chinese report, 一、 for a part and （一） for a
#           section in it; one that can't at least leaves them out.
# True:     pandoc and mammoth give both levels Arabic numbers, so 一、 and （一） are both "1.", with no warning, and 第一部分
#           in the text names a part that the outcome no longer has. docx2python, which writes list numbers out as text,
#           warns and puts "--" for each. python-docx has none. LibreOffice writes them as Word shows them.
# Versions: pandoc 3.9 in pypandoc-binary 1.17, mammoth 1.13.0, docx2python 3.7.1, python-docx 1.2.0 (it writes the file),
#           CPython 3.11; LibreOffice 7.4, if soffice is there.
# Source:   ECMA-376 part 1, 17.18.59 ST_NumberFormat, chineseCountingThousand; run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-docx==1.2.0 docx2python==3.7.1 mammoth==1.13.0 pypandoc-binary==1.17
venv/bin/python -W ignore - <<'PYTHON'
import docx
import mammoth
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

LEVEL = (
    '<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
    '<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
)
PARTS = (("预算执行情况", 0), ("基本支出", 1), ("项目支出", 1), ("存在的问题", 0))
report = docx.Document()
numbering = report.part.numbering_part.element
levels = LEVEL.format(at=0, text="%1、") + LEVEL.format(at=1, text="（%2）")
numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
for text, at in PARTS:
    ours = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{at}"/><w:numId w:val="90"/></w:numPr>'
    report.add_paragraph(text)._p.get_or_add_pPr().append(parse_xml(ours))
report.add_paragraph("原因见第一部分。")
report.save("report.docx")

print("pandoc", pypandoc.get_pandoc_version())
plain = pypandoc.convert_file("report.docx", "plain").split("\n")
pandoc = [line.strip() for line in plain if line.strip()]
html = mammoth.convert_to_html("report.docx")
found = docx2python("report.docx").text.split("\n")
texts = [line.strip().replace("\t", " ") for line in found if line.strip()]
bare = [paragraph.text for paragraph in docx.Document("report.docx").paragraphs]
print("pandoc:     ", pandoc)
print("mammoth:    ", html.value, html.messages)
print("docx2python:", texts)
print("python-docx:", bare)
assert pandoc[:4] == ["1.  预算执行情况", "1.  基本支出", "2.  项目支出", "2.  存在的问题"], pandoc
assert html.value.startswith("<ol><li>预算执行情况<ol><li>基本支出</li>") and "一、" not in html.value
assert html.messages == []
assert texts[:4] == ["-- 预算执行情况", "-- 基本支出", "-- 项目支出", "-- 存在的问题"], texts
assert bare[:4] == [text for text, _ in PARTS], bare
PYTHON
if command -v soffice >/dev/null; then
  soffice "-env:UserInstallation=file://$folder/profile" --headless --convert-to "txt:Text (encoded):UTF8" report.docx >/dev/null 2>&1
  texts=$(tr -d ' \r' <report.txt | tr '\n' ' ')
  echo "LibreOffice: $texts"
  [[ $texts == *"一、预算执行情况 （一）基本支出 （二）项目支出 二、存在的问题"* ]]
fi
echo "as described"
