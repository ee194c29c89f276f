"""What each type of column makes of a cell, and what it refuses; the most invalid first."""

import pytest

from adapters.files.checking.cells import check_characters, parser_for, unknown_cell
from adapters.files.kinds.columns import TYPES, Column, Type
from adapters.files.problems import CODES, BadCell, DoubtfulCell

BAD = [
    # Characters: whatever the column is.
    ("name", "a\x00b", "control-character"),
    ("name", "\x07", "control-character"),
    ("name", "a\x85b", "control-character"),
    ("text", "a\u2028b", "control-character"),
    ("name", "a\tb", "control-character"),
    ("key", "10\n01", "control-character"),
    ("name", "caf\udce9", "encoding"),
    ("money", "\x0012", "control-character"),
    ("name", "x" * 201, "too-long"),
    ("key", "x" * 65, "too-long"),
    ("text", "x" * 4001, "too-long"),
    # Card numbers: whatever the column is.
    ("last-four", "4111111111111111", "card-number"),
    ("name", "4111 1111 1111 1111", "card-number"),
    ("text", "guest paid with 5500-0000-0000-0004, asked for a receipt", "card-number"),
    ("key", "378282246310005", "card-number"),
    ("key", "4222222222222", "card-number"),
    ("key", "6304000000000000000", "card-number"),
    ("digits", "4111111111111111", "card-number"),
    ("money", "4111111111111111", "card-number"),
    ("integer", "4111111111111111", "card-number"),
    ("flag", "4111111111111111", "card-number"),
    ("moment", "4111111111111111", "card-number"),
    ("last-four", "411111******1111", "more-than-four-digits"),
    ("last-four", "12345", "more-than-four-digits"),
    # Amounts.
    ("money", "abc", "not-an-amount"),
    ("money", "-", "not-an-amount"),
    ("money", ".", "not-an-amount"),
    ("money", "1.2.3", "not-an-amount"),
    ("money", "--1", "not-an-amount"),
    ("money", "1 000", "not-an-amount"),
    ("money", "1,000.00", "not-an-amount"),
    ("money", "5,50", "not-an-amount"),
    ("money", "$5.00", "not-an-amount"),
    ("money", "(5.00)", "not-an-amount"),
    ("money", "5%", "not-an-amount"),
    ("money", "1e3", "not-an-amount"),
    ("money", "NaN", "not-an-amount"),
    ("money", "Infinity", "not-an-amount"),
    ("money", "1_000", "not-an-amount"),
    ("money", "١٢", "not-an-amount"),
    ("money", "=1+1", "not-an-amount"),
    ("money", "1" + "0" * 32, "not-an-amount"),
    ("money", "10000000000", "too-big"),
    ("money", "-9999999999.995", "too-big"),
    ("price", "-0.01", "negative"),
    ("measure", "-1", "negative"),
    # Whole numbers.
    ("integer", "1.5", "not-an-integer"),
    ("integer", "one", "not-an-integer"),
    ("integer", "1,000", "not-an-integer"),
    ("integer", "1e3", "not-an-integer"),
    ("integer", "٣", "not-an-integer"),
    ("integer", "1000000000", "too-big"),
    ("ordinal", "-1", "negative"),
    ("digits", "2.0", "not-an-integer"),
    ("digits", "-2", "not-an-integer"),
    ("digits", "2a", "not-an-integer"),
    ("digits", "٣", "not-an-integer"),
    ("digits", "1000000000000000000000", "not-an-integer"),
    # Flags and rate types.
    ("flag", "yes", "not-a-flag"),
    ("flag", "2", "not-a-flag"),
    ("flag", "01", "not-a-flag"),
    ("rate-type", "percent", "not-a-rate-type"),
    # Dates and times.
    ("moment", "yesterday", "not-a-date"),
    ("moment", "2026-11-20 18:05:00", "not-a-date"),
    ("moment", "2026/11/20", "not-a-date"),
    ("moment", "11/20/26", "not-a-date"),
    ("moment", "11-20-2026", "not-a-date"),
    ("moment", "18:05:00", "not-a-date"),
    ("moment", "11/20/2026 18", "not-a-date"),
    ("moment", "11/20/2026 18:05:00.123", "not-a-date"),
    ("moment", "11/20/2026T18:05:00", "not-a-date"),
    ("moment", "11/20/2026 18:05:00Z", "not-a-date"),
    ("moment", "١١/٢٠/٢٠٢٦", "not-a-date"),
    ("moment", "20/11/2026", "no-such-date"),
    ("moment", "02/30/2026", "no-such-date"),
    ("moment", "02/29/2026", "no-such-date"),
    ("moment", "00/10/2026", "no-such-date"),
    ("moment", "11/20/2026 24:00:00", "no-such-date"),
    ("moment", "11/20/2026 18:60:00", "no-such-date"),
    ("moment", "11/20/2026 18:05:60", "no-such-date"),
    ("moment", "11/20/2026 18:05 PM", "no-such-date"),
    ("moment", "11/20/2026 0:05 AM", "no-such-date"),
    ("moment", "11/20/1989", "no-such-date"),
    ("day", "11/20/2200", "no-such-date"),
    ("birthdate", "02/13/1988", "not-a-date"),
    ("birthdate", "1988-02-13", "not-a-date"),
    ("birthdate", "1988/13/02", "no-such-date"),
    ("birthdate", "1988/02/30", "no-such-date"),
    ("birthdate", "1879/12/31", "no-such-date"),
    ("birthdate", "1988/02/13 25:00", "no-such-date"),
]

GOOD = [
    ("key", "01", "01"),
    ("key", " 1 ", "1"),
    ("key", "\u00a01\u00a0", "1"),
    ("key", "D-17/b", "D-17/b"),
    ("key", "6304123456789", "6304123456789"),  # no check digit of a card
    ("key", "41111111-1111-1111-8111-411111111111", "41111111-1111-1111-8111-411111111111"),  # a UUID
    ("digits", "01", "01"),
    ("name", "Café 🍔", "Café 🍔"),
    ("name", "x" * 200, "x" * 200),
    ("name", "=1+1", "=1+1"),
    ("name", "Dine  In", "Dine  In"),
    ("text", "two\nlines\tand a tab\n", "two\nlines\tand a tab"),
    ("last-four", "4242", "4242"),
    ("last-four", "xxxx-xxxx-xxxx-0005", "xxxx-xxxx-xxxx-0005"),
    ("last-four", "n/a", "n/a"),
    ("money", "12.50", "12.5"),
    ("money", "12.", "12"),
    ("money", ".5", "0.5"),
    ("money", "+007.10", "7.1"),
    ("money", "-0.00", "0"),
    ("money", "-3", "-3"),
    ("money", "12.345", "12.345"),
    ("money", "9999999999.99", "9999999999.99"),
    ("price", "0", "0"),
    ("measure", "5.0667", "5.0667"),
    ("integer", "007", "7"),
    ("integer", "-2", "-2"),
    ("integer", "2.00", "2"),
    ("integer", "-0", "0"),
    ("ordinal", "01", "1"),
    ("flag", "TRUE", "true"),
    ("flag", "0", "false"),
    ("rate-type", "fixed", "Fixed"),
    ("moment", "11/20/2026 18:05:30", "2026-11-20T18:05:30"),
    ("moment", "11/20/2026 18:05", "2026-11-20T18:05:00"),
    ("moment", "1/2/2026 9:05", "2026-01-02T09:05:00"),
    ("moment", "11/20/2026  18:05:30", "2026-11-20T18:05:30"),
    ("moment", "11/20/2026 6:05:30 PM", "2026-11-20T18:05:30"),
    ("moment", "11/20/2026 12:00 am", "2026-11-20T00:00:00"),
    ("moment", "11/20/2026 12:00PM", "2026-11-20T12:00:00"),
    ("moment", "02/29/2028 00:00:00", "2028-02-29T00:00:00"),
    ("day", "11/20/2026", "2026-11-20T00:00:00"),
    ("day", "11/20/2026 08:30", "2026-11-20T08:30:00"),
    ("birthdate", "1988/02/13", "1988-02-13"),
    ("birthdate", "1988/2/3 00:00:00", "1988-02-03"),
]


def parse(type_: Type, cell: str, *, required: bool = False) -> str:
    """A cell of a column of some type."""
    return parser_for(Column("Column", type_, required=required), 4_000)(cell)


@pytest.mark.parametrize(("type_", "cell", "code"), BAD)
def test_bad_cells_are_refused(type_: Type, cell: str, code: str) -> None:
    """With a known code, and a sentence that repeats nothing of the cell."""
    with pytest.raises(BadCell) as refused:
        parse(type_, cell)
    assert (refused.value.code, code in CODES) == (code, True)
    assert len(cell) < 9 or cell not in refused.value.reason


@pytest.mark.parametrize(("type_", "cell", "text"), GOOD)
def test_good_cells_have_one_canonical_text(type_: Type, cell: str, text: str) -> None:
    """However they are written; and the canonical text of a number or a name is canonical itself."""
    assert parse(type_, cell) == text
    if type_ not in {"moment", "day", "birthdate"}:
        assert parse(type_, text) == text


@pytest.mark.parametrize("type_", sorted(TYPES))
@pytest.mark.parametrize("cell", ["", "   ", "\u00a0", "\n"])
def test_empty_cells_are_empty_or_missing(type_: Type, cell: str) -> None:
    """A cell of spaces is an empty one: no text where the column is optional, an error where it is required."""
    assert parse(type_, cell) == ""
    with pytest.raises(BadCell) as refused:
        parse(type_, cell, required=True)
    assert refused.value.code == "required"


def test_a_time_without_time_of_day_is_doubtful() -> None:
    """Midnight is taken, with a warning."""
    with pytest.raises(DoubtfulCell) as doubtful:
        parse("moment", "11/20/2026")
    assert (doubtful.value.code, doubtful.value.text) == ("no-time", "2026-11-20T00:00:00")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,000.00", "nothing between thousands"),
        ("(5.00)", "minus sign instead of parentheses"),
        ("€5", "without a currency sign"),
        ("8.25%", "without a percent sign"),
        ("1e3", "without an exponent"),
    ],
)
def test_a_refused_amount_says_how_to_write_it(text: str, hint: str) -> None:
    """The sentence names what stands in the way."""
    with pytest.raises(BadCell, match=hint):
        parse("money", text)


def test_columns_that_are_not_kept_are_looked_at_all_the_same() -> None:
    """Nothing of them is kept; a card number or what is no text is refused."""
    assert unknown_cell("anything at all") == ""
    for cell, code in (("4111111111111111", "card-number"), ("a\x00", "control-character"), ("\udcff", "encoding")):
        with pytest.raises(BadCell) as refused:
            unknown_cell(cell)
        assert refused.value.code == code


@pytest.mark.parametrize("cell", ["a\u200bb", "\u202eabc", "a\u00a0b", "日本\n"])
def test_letters_of_all_scripts_are_text(cell: str) -> None:
    """Only controls, halves of characters and line separators are not."""
    check_characters(cell)
