"""Workbooks for tests that no library would write: made of raw parts."""

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

SHEET: Final = (
    f'<worksheet xmlns="{_MAIN}"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Number</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Name</t></is></c></row>'
    "{rows}</sheetData></worksheet>"
)


Parts = Mapping[str, str | bytes]


def raw_book(parts: Parts = MappingProxyType({}), method: int = zipfile.ZIP_DEFLATED, rows: str = "") -> bytes:
    """A workbook with one sheet of the headers Number and Name, some rows of XML, and parts replaced or added."""
    everything: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_DOC}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>'
        '<sheet name="Tenders" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_DOC}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": SHEET.format(rows=rows),
    }
    everything.update(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in everything.items():
            archive.writestr(name, content)
    return out.getvalue()
