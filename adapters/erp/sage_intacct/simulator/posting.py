"""Creating, changing and deleting in the simulated books, by their rules."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element  # only the type: defusedxml parses

from adapters.erp.sage_intacct.simulator.books import KEYS, Books, Fields, Line
from adapters.erp.sage_intacct.simulator.saying import Refused, Told
from adapters.erp.sage_intacct.simulator.understanding import Function


def create(books: Books, function: Function, entity: str) -> Told:
    """Create what the function says.

    Raises:
        Refused: it breaks a rule.
    """
    made = []
    for element in function.body:
        object_ = element.tag.upper()
        _object(object_)
        number = _batch(books, element, entity) if object_ == "GLBATCH" else _record(books, object_, element)
        row, key = books.numbered(object_, number) or {}, KEYS[object_]
        made.append((object_.lower(), {"RECORDNO": number, key: row.get(key, "")}))
    return Told({"listtype": "objects", "count": str(len(made))}, made)


def update(books: Books, function: Function, entity: str) -> Told:
    """Change what the function says.

    Raises:
        Refused: it is not there, or breaks a rule.
    """
    changed = []
    for element in function.body:
        object_ = element.tag.upper()
        _object(object_)
        fields = dict(_fields(element))
        row = _found(books, object_, fields.get("RECORDNO", "") or fields.get(KEYS[object_], ""), "update")
        if object_ == "GLBATCH" and element.find("ENTRIES") is not None:
            books.put_lines(row["RECORDNO"], _lines(books, element, {**row, **fields}, entity))
        books.put(object_, row["RECORDNO"], {**row, **fields, "RECORDNO": row["RECORDNO"]})
        changed.append((object_.lower(), {"RECORDNO": row["RECORDNO"]}))
    return Told({"listtype": "objects", "count": str(len(changed))}, changed)


def delete(books: Books, function: Function, _: str) -> Told:
    """Delete the rows of keys.

    Raises:
        Refused: one is not there.
    """
    object_ = (function.body.findtext("object") or "").strip().upper()
    _object(object_)
    for key in (function.body.findtext("keys") or "").split(","):
        row = _found(books, object_, key.strip(), "delete")
        books.put(object_, row["RECORDNO"], None)
    return Told({"listtype": object_.lower(), "count": "0"})


def _object(name: str) -> None:
    if name not in KEYS:
        raise Refused("BL01001973", f"Object definition {name} not found")


def _found(books: Books, object_: str, key: str, what: str) -> Fields:
    row = books.numbered(object_, key) or books.known(object_, key)
    if row is None:
        raise Refused("BL01001973", f"Cannot find {object_.lower()} with key '{key}' to {what}.")
    return row


def _record(books: Books, object_: str, element: Element) -> str:
    fields = dict(_fields(element))
    key = fields.get(KEYS[object_], "")
    name = object_.capitalize()
    aside = f"Could not create {name} record!"
    if not key:
        raise Refused("BL01001973", f"Required field {KEYS[object_]} is missing", aside=aside)
    if books.known(object_, key):
        text = f"Another {name} with the given value(s) {key}  already exists"
        raise Refused("BL34000061", text, "Use a unique value instead.", aside=aside)
    if object_ == "GLACCOUNT" and not (fields.get("ACCOUNTTYPE") and fields.get("NORMALBALANCE")):
        raise Refused("BL01001973", "Required field ACCOUNTTYPE or NORMALBALANCE is missing", aside=aside)
    contact = fields.get("PERSONALINFO.CONTACTNAME", "")
    if object_ == "EMPLOYEE" and books.known("CONTACT", contact) is None:
        raise Refused("BL01001973", f"Invalid Contact '{contact}' specified.", aside=aside)
    return books.add(object_, {"STATUS": "active", **fields})


def _batch(books: Books, element: Element, entity: str) -> str:
    fields = dict(_fields(element))
    lines = _lines(books, element, fields, entity)
    row = {name: value for name, value in fields.items() if not name.startswith("ENTRIES")}
    symbol = row["JOURNAL"]
    posted = {"STATE": "Posted", **row, "MEGAENTITYID": entity}
    key = books.add("GLBATCH", {**posted, "BATCHNO": books.next_batch(symbol)})
    books.put_lines(key, lines)
    if row.get("REVERSEDATE"):
        _check_date(books, row["REVERSEDATE"])
        turned = {"BATCH_DATE": row["REVERSEDATE"], "BATCH_TITLE": f"Reversed - {row.get('BATCH_TITLE', '')}"}
        other = {name: value for name, value in posted.items() if name not in {"REVERSEDATE", "REFERENCENO"}}
        turned |= {"BATCHNO": books.next_batch(symbol), "REVERSEDFROM": key}
        reversal = books.add("GLBATCH", {**other, **turned})
        books.put_lines(reversal, tuple(replace(line, amount=-line.amount) for line in lines))
    return key


def _lines(books: Books, element: Element, fields: Fields, entity: str) -> tuple[Line, ...]:
    symbol = fields.get("JOURNAL", "")
    statistical = books.known("STATJOURNAL", symbol) is not None
    aside = "Could not create GLBatch record!"
    if not statistical and books.known("GLJOURNAL", symbol) is None:
        raise Refused("BL01001973", f"Invalid Journal '{symbol}' specified.", aside=aside)
    _check_date(books, fields.get("BATCH_DATE", ""))
    entries = element.find("ENTRIES")
    lines = tuple(
        _line(books, entry, entity, statistical=statistical) for entry in ([] if entries is None else entries)
    )
    if len(lines) < (1 if statistical else 2):
        raise Refused("BL01001973", "A journal entry needs at least two lines", aside=aside)
    if not statistical and sum(line.amount for line in lines) != 0:
        raise Refused("BL03000066", "The debits and the credits of the transaction are not equal", aside=aside)
    return lines


def _line(books: Books, entry: Element, entity: str, *, statistical: bool) -> Line:
    fields = dict(_fields(entry))
    account = fields.get("ACCOUNTNO", "")
    known = books.known("STATACCOUNT" if statistical else "GLACCOUNT", account)
    if known is None or known.get("STATUS") == "inactive":
        what = "inactive" if known else "invalid"
        raise Refused(
            "BL01001973", f"The account number '{account}' is {what}", aside="Could not create GLBatch record!"
        )
    location, department = fields.get("LOCATION", ""), fields.get("DEPARTMENT", "")
    if location and books.known("LOCATION", location) is None:
        raise Refused(
            "BL01001973", f"Invalid Location '{location}' specified.", aside="Could not create GLBatch record!"
        )
    if location and entity and books.entity_of(location) != entity:
        raise Refused("BL01001973", f"Location '{location}' is none of the entity '{entity}'.")
    if department and books.known("DEPARTMENT", department) is None:
        raise Refused("BL01001973", f"Invalid Department '{department}' specified.")
    try:
        amount = Decimal(fields.get("TRX_AMOUNT") or fields.get("AMOUNT", ""))
        sign = {"1": 1, "-1": -1}[fields.get("TR_TYPE", "")]
    except (InvalidOperation, KeyError):
        raise Refused("BL01001973", "TRX_AMOUNT or TR_TYPE of a line is invalid") from None
    if amount < 0 or amount.is_nan():
        raise Refused("BL01001973", "TRX_AMOUNT of a line is negative")
    return Line(account, sign * amount, location, department, fields.get("DESCRIPTION", ""))


def _check_date(books: Books, text: str) -> None:
    try:
        date = dt.datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise Refused("BL01001973", f"Invalid date '{text}': use mm/dd/yyyy") from None
    if books.closed_until is not None and date <= books.closed_until:
        text = f"The date {text} is in a period that has been closed"
        raise Refused(
            "BL03000018", text, "Open the period, or use another date.", aside="Could not create GLBatch record!"
        )


def _fields(element: Element, before: str = "") -> Iterator[tuple[str, str]]:
    for child in element:
        if child.tag == "ENTRIES":
            continue
        name = f"{before}{child.tag}"
        if len(child):
            yield from _fields(child, f"{name}.")
        else:
            yield name, (child.text or "").strip()
