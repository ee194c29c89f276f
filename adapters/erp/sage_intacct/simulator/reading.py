"""Reading the simulated books: query, readByQuery, read, readByName, readMore, lookup."""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element  # only the type: defusedxml parses

from adapters.erp.sage_intacct.simulator.books import KEYS, Books, Fields
from adapters.erp.sage_intacct.simulator.saying import Refused, Told, fields_of
from adapters.erp.sage_intacct.simulator.understanding import Function

Test = Callable[[Fields], bool]

_DEFAULT_PAGE: Final = 100
_LARGEST_QUERY_PAGE: Final = 2_000
_LARGEST_PAGE: Final = 1_000
_CONDITION: Final = re.compile(r"\s*([\w.]+)\s*(=|<>|!=|>=|<=|<|>|like)\s*'((?:[^'\\]|\\.)*)'\s*", re.IGNORECASE)
_COMPARE: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "equalto": lambda left, right: left == right,
    "notequalto": lambda left, right: left != right,
    "lessthan": lambda left, right: _order(left) < _order(right),
    "lessthanorequalto": lambda left, right: _order(left) <= _order(right),
    "greaterthan": lambda left, right: _order(left) > _order(right),
    "greaterthanorequalto": lambda left, right: _order(left) >= _order(right),
    "like": lambda left, right: re.fullmatch(re.escape(right).replace("%", ".*"), left) is not None,
}
_SIGNS: Final = {
    "=": "equalto",
    "<>": "notequalto",
    "!=": "notequalto",
    "<": "lessthan",
    "<=": "lessthanorequalto",
    ">": "greaterthan",
    ">=": "greaterthanorequalto",
    "like": "like",
}


def query(books: Books, function: Function, entity: str) -> Told:
    """Rows by a filter, with the fields that were asked for.

    Raises:
        Refused: there is no such object, or the filter cannot be read.
    """
    body = function.body
    object_ = _object(body)
    fields = [(element.text or "").strip() for element in body.findall("select/field")]
    if not fields:
        raise Refused("XL03000009", "The element select names no field")
    filters = body.find("filter")
    fits = _all(_test(child) for child in filters) if filters is not None else _anything
    rows = [row for row in _seen(books, object_, entity) if fits(row)]
    order = body.find("orderby/order")
    if order is not None:
        name = (order.findtext("field") or "").strip()
        rows.sort(key=lambda row: _order(row.get(name, "")), reverse=order.find("descending") is not None)
    size = min(_number(body, "pagesize", _DEFAULT_PAGE), _LARGEST_QUERY_PAGE)
    offset = _number(body, "offset", 0)
    page = rows[offset : offset + size]
    attributes = {
        "listtype": object_,
        "totalcount": str(len(rows)),
        "offset": str(offset),
        "count": str(len(page)),
        "numremaining": str(max(0, len(rows) - offset - len(page))),
    }
    return Told(attributes, [(object_, {name: row.get(name, "") for name in fields}) for row in page])


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of the rows of a condition.

    Attributes:
        object: of which.
        rows: those that come next.
        fields: that were asked for; None: all.
        size: of a page.
        total: how many rows there were.
    """

    object: str
    rows: list[Fields]
    fields: list[str] | None
    size: int
    total: int


def read_by_query(books: Books, function: Function, entity: str, kept: dict[str, Rest]) -> Told:
    """Rows by a condition in words, the first page of them.

    Raises:
        Refused: there is no such object, or the condition cannot be read.
    """
    body = function.body
    object_, fits = _object(body), _said((body.findtext("query") or "").strip())
    rows = [row for row in _seen(books, object_, entity) if fits(row)]
    asked = (body.findtext("fields") or "*").strip()
    fields = None if asked in {"", "*"} else [field.strip() for field in asked.split(",")]
    size = min(_number(body, "pagesize", _DEFAULT_PAGE), _LARGEST_PAGE)
    return _paged(Rest(object_, rows, fields, size, len(rows)), kept)


def read_more(function: Function, kept: dict[str, Rest]) -> Told:
    """The next page.

    Raises:
        Refused: there is none.
    """
    name = (function.body.findtext("resultId") or "").strip()
    if name not in kept:
        raise Refused("BL01001973", f"Invalid result id '{name}'")
    return _paged(kept.pop(name), kept)


def read(books: Books, function: Function, entity: str, *, by_name: bool) -> Told:
    """Rows of keys, whole; of an entry with its lines.

    Raises:
        Refused: there is no such object.
    """
    object_ = _object(function.body)
    keys = [key.strip() for key in (function.body.findtext("keys") or "").split(",") if key.strip()]
    field = KEYS[object_] if by_name else "RECORDNO"
    rows = [row for row in _seen(books, object_, entity) if row.get(field) in keys]
    raw = "".join(f"<{object_}>{fields_of(_nested(row))}{_lines(books, object_, row)}</{object_}>" for row in rows)
    return Told({"listtype": object_, "count": str(len(rows))}, raw=raw) if raw else Told({"count": "0"})


def lookup(function: Function) -> Told:
    """The fields of an object: only its key, as this is no place to learn Sage Intacct's.

    Raises:
        Refused: there is no such object.
    """
    object_ = _object(function.body)
    fields = "".join(f"<Field><ID>{name}</ID></Field>" for name in dict.fromkeys(("RECORDNO", KEYS[object_])))
    return Told(raw=f'<Type Name="{object_}"><Fields>{fields}</Fields></Type>')


def _object(body: Element) -> str:
    name = (body.findtext("object") or "").strip().upper()
    if name not in KEYS and name != "GLENTRY":
        raise Refused("Query Failed", f"Object definition {name} not found")
    return name


def _seen(books: Books, object_: str, entity: str) -> list[Fields]:
    """Rows that a session sees: at an entity, that of its own."""
    if object_ == "GLENTRY":
        return [line for row in _seen(books, "GLBATCH", entity) for line in _entry_rows(books, row)]
    rows = books.rows(object_)
    if entity and object_ == "GLBATCH":
        return [row for row in rows if row.get("MEGAENTITYID", "") in {"", entity}]
    if entity and object_ in {"LOCATION", "LOCATIONENTITY"}:
        return [row for row in rows if books.entity_of(row["LOCATIONID"]) == entity]
    return rows


def _entry_rows(books: Books, batch: Fields) -> list[Fields]:
    return [
        {
            "RECORDNO": f"{batch['RECORDNO']}{number:04}",
            "BATCHNO": batch["RECORDNO"],
            "LINE_NO": str(number),
            "ACCOUNTNO": line.account,
            "TR_TYPE": "1" if line.amount > 0 else "-1",
            "TRX_AMOUNT": f"{abs(line.amount):f}",
            "AMOUNT": f"{abs(line.amount):f}",
            "LOCATION": line.location,
            "DEPARTMENT": line.department,
            "DESCRIPTION": line.memo,
        }
        for number, line in enumerate(books.lines[batch["RECORDNO"]], 1)
    ]


def _lines(books: Books, object_: str, row: Fields) -> str:
    if object_ != "GLBATCH":
        return ""
    return f"<ENTRIES>{''.join(f'<glentry>{fields_of(line)}</glentry>' for line in _entry_rows(books, row))}</ENTRIES>"


def _nested(row: Fields) -> Fields:
    return {name: value for name, value in row.items() if "." not in name}


def _paged(rest: Rest, kept: dict[str, Rest]) -> Told:
    page, left = rest.rows[: rest.size], rest.rows[rest.size :]
    name = f"{rest.object}:{uuid.uuid4().hex}" if left else ""
    if left:
        kept[name] = replace(rest, rows=left)
    shown = [
        (rest.object.lower(), row if rest.fields is None else {field: row.get(field, "") for field in rest.fields})
        for row in page
    ]
    attributes = {
        "listtype": rest.object.lower(),
        "count": str(len(page)),
        "totalcount": str(rest.total),
        "numremaining": str(len(left)),
        "resultId": name,
    }
    return Told(attributes, shown)


def _test(element: Element) -> Test:
    """A filter, as a test of a row."""
    name = element.tag.lower()
    if name in {"and", "or"}:
        tests = [_test(child) for child in element]
        return _all(tests) if name == "and" else (lambda row: any(test(row) for test in tests))
    field = (element.findtext("field") or "").strip()
    values = [(value.text or "").strip() for value in element.findall("value")]
    if name in {"isnull", "isnotnull"}:
        return lambda row: (row.get(field, "") == "") == (name == "isnull")
    if name in {"in", "notin"}:
        return lambda row: (row.get(field, "") in values) == (name == "in")
    if name == "between" and len(values) == 2:
        return lambda row: _order(values[0]) <= _order(row.get(field, "")) <= _order(values[1])
    if name not in _COMPARE or len(values) != 1:
        raise Refused("Query Failed", f"The filter {name} cannot be used")
    compare = _COMPARE[name]
    return lambda row: compare(row.get(field, ""), values[0])


def _said(text: str) -> Test:
    """A condition in words: comparisons joined by «and»."""
    tests: list[Test] = []
    for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE) if text else ():
        found = _CONDITION.fullmatch(part)
        if found is None:
            raise Refused("Query Failed", "The query cannot be read")
        field, sign, value = found.groups()
        compare = _COMPARE[_SIGNS[sign.lower()]]
        tests.append(lambda row, field=field, compare=compare, value=value: compare(row.get(field, ""), value))  # type: ignore[misc]
    return _all(tests)


def _all(tests: Iterable[Test]) -> Test:
    known = list(tests)
    return lambda row: all(test(row) for test in known)


def _anything(_: Fields) -> bool:
    return True


def _order(text: str) -> tuple[int, float, str]:
    """Dates and numbers come in their order, and texts in theirs."""
    if re.fullmatch(r"\d{2}/\d{2}/\d{4}", text):
        return (0, float(f"{text[6:]}{text[:2]}{text[3:5]}"), "")
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)


def _number(body: Element, name: str, otherwise: int) -> int:
    text = (body.findtext(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() else otherwise
