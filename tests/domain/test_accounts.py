"""The account mapping: keys, patterns, defaults, and which of them wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import (
    DEFAULT_ACCOUNTS,
    HEADS,
    LONGEST_KEY,
    AccountMapping,
    BadAccount,
    BadAccountKey,
    checked_account,
    checked_key,
    key_text,
)
from domain.books import (
    MOST_ACCOUNTS,
    NEW_BOOKS,
    BadLimit,
    Books,
    TooManyAccounts,
    decide_map,
    fold,
)
from domain.facts import AccountsMapped
from domain.refusals import Refusal

KEYS: list[tuple[str, str]] = [
    # The most invalid first: what is said about it.
    ("", "no key of a journal line"),
    ("/", "no key of a journal line"),
    ("sales//Dine In", "no key of a journal line"),
    ("sales/Food/", "no key of a journal line"),
    ("/Food", "no key of a journal line"),
    ("sales/Food\\", "no key of a journal line"),
    ("x" * (LONGEST_KEY + 1), "no key of a journal line"),
    ("nonsense/Food", "No journal line begins with 'nonsense'"),
    ("Sales/Food/Dine In", "No journal line begins with 'Sales'"),
    ("*", "No journal line begins with '*'"),
    ("sales", "write it sales/CATEGORY/SERVICE_TYPE, or sales/*"),
    ("sales/Food", "write it sales/CATEGORY/SERVICE_TYPE, or sales/*"),
    ("sales/Food/Dine In/Bar", "write it sales/CATEGORY/SERVICE_TYPE"),
    ("sales/Food/Dine In/*", "write it sales/CATEGORY/SERVICE_TYPE"),
    ("tender", "write it tender/TENDER, or tender/*"),
    ("tender/*/x", "write it tender/TENDER"),
    ("tips-payable/*", "write it tips-payable."),
    ("tips-payable/x", "write it tips-payable."),
    ("sales/*/Dine In", r"it would be 'sales/\\*/Dine In'"),
    ("tender/two\nlines", r"it would be 'tender/two\\u00000alines'"),
    ("tender/\\x", "it would be 'tender/x'"),
    ("tender/\\u000041", "it would be 'tender/A'"),
    ("tender/\\uffffff", "it would be"),
    # What can be.
    ("tips-payable", ""),
    ("sales/*", ""),
    ("sales/Food/*", ""),
    ("sales/Food/Dine In", ""),
    ("sales/Salads\\/Soups/Dine In ", ""),
    ("tender/\\*", ""),
    ("tender/**", ""),
    ("tender/back\\\\slash", ""),
    ("discount/50 % off = a lot", ""),
    ("promo/Zwei für eins", ""),
    ("tender/two\\u00000alines", ""),
    ("x" * 0 + "hours/" + "j" * (LONGEST_KEY - 6), ""),
]


@pytest.mark.parametrize(("text", "said"), KEYS, ids=[row[0][:40] for row in KEYS])
def test_keys(text: str, said: str) -> None:
    """A key is one that a journal line can have, or a pattern that ends in a star; all else is told its form."""
    if said:
        with pytest.raises(BadAccountKey) as refused:
            checked_key(text)
        assert said in str(refused.value)
    else:
        assert checked_key(text) == text


NAMES = st.text(min_size=1, max_size=12)


@given(NAMES, NAMES)
def test_two_names_are_never_one_key(first: str, second: str) -> None:
    """Whatever letters the names have, different names have different keys, and every key can be mapped."""
    one, other = key_text(("tender", first)), key_text(("tender", second))
    assert (one == other) == (first == second)
    assert checked_key(one) == one
    both = key_text(("sales", first, second))
    assert checked_key(both) == both
    assert AccountMapping({both: "4000"}, defaults=False).account(("sales", first, second)) == "4000"
    assert both.isprintable()


MAPPED: list[tuple[dict[str, str], bool, tuple[str, ...], str]] = [
    # own accounts, defaults count, asked for, found
    ({}, False, ("sales", "Food", "Dine In"), ""),
    ({}, True, ("sales", "Food", "Dine In"), "4010"),
    ({}, True, ("sales", "FOOD", "To Go"), "4010"),
    ({}, True, ("sales", "Surfboards", "Dine In"), ""),
    ({}, True, ("tender", "VISA"), "1110"),
    ({}, True, ("tender", "Seashells"), ""),
    ({}, True, ("adjustment", "late_void"), "2160"),
    ({}, True, ("adjustment", "unexplained_residual"), "6090"),
    # Exact beats the longer pattern, which beats the shorter one.
    ({"sales/*": "1", "sales/Food/*": "2", "sales/Food/Dine In": "3"}, True, ("sales", "Food", "Dine In"), "3"),
    ({"sales/*": "1", "sales/Food/*": "2", "sales/Food/Dine In": "3"}, True, ("sales", "Food", "To Go"), "2"),
    ({"sales/*": "1", "sales/Food/*": "2", "sales/Food/Dine In": "3"}, True, ("sales", "Beer", "Dine In"), "1"),
    # The client's own beat the defaults, also where these are nearer.
    ({"sales/*": "1"}, True, ("sales", "Food", "Dine In"), "1"),
    # What a client writes is meant to the letter.
    ({"tender/visa": "7"}, False, ("tender", "Visa"), ""),
    # A name that is a star is no pattern, and a slash in a name parts nothing.
    ({"tender/*": "1", "tender/\\*": "2"}, False, ("tender", "*"), "2"),
    ({"sales/A/*": "1"}, False, ("sales", "A/B", "C"), ""),
    ({"sales/A\\/B/*": "1"}, False, ("sales", "A/B", "C"), "1"),
]


@pytest.mark.parametrize(("own", "defaults", "asked", "found"), MAPPED)
def test_the_nearest_account_wins(own: dict[str, str], defaults: bool, asked: tuple[str, ...], found: str) -> None:
    """The client's own before the defaults; the key before patterns, a longer pattern before a shorter."""
    assert AccountMapping(own, defaults).account(asked) == found


def test_the_defaults_are_keys_and_accounts() -> None:
    """Every default is one that a client could have written, and every structural key has one."""
    for key, account in DEFAULT_ACCOUNTS.items():
        assert (checked_key(key), checked_account(account)) == (key, account)
    unmapped = [head for head, names in HEADS.items() if not AccountMapping().account((head, *["x" for _ in names]))]
    assert unmapped == ["tender", "sales"]


def test_both_halves_of_a_pair_share_their_account() -> None:
    """Cash taken to the bank leaves the account that the cash tender filled; likewise what is passed through."""
    account = AccountMapping().account
    assert account(("cash-clearing",)) == account(("tender", "Cash"))
    assert account(("facilitator-payment",)) == account(("facilitator-tax",))
    assert account(("tips-paid-out",)) == account(("tips-payable",))
    assert account(("late-void-clearing",)) == account(("adjustment", "late_void"))


ACCOUNTS: list[tuple[str, bool]] = [
    ("", False),
    (" ", False),
    (" 4010", False),
    ("4010 ", False),
    ("-4010", False),
    ("4010-", False),
    ("40=10", False),
    ("40\n10", False),
    ("４０１０", False),
    ("4" * 41, False),
    ("4", True),
    ("4" * 40, True),
    ("4010", True),
    ("40-10.20", True),
    ("4000 Sales:Food/Dine_In", True),
]


@pytest.mark.parametrize(("text", "good"), ACCOUNTS)
def test_accounts(text: str, good: bool) -> None:
    """An account is what charts of accounts call one: letters, digits and a few signs between them."""
    if good:
        assert checked_account(text) == text
    else:
        with pytest.raises(BadAccount, match="is no account"):
            checked_account(text)


def test_a_mapping_is_recorded_whole_and_sorted() -> None:
    """Given no books, when accounts are mapped, then version 1 has all of them by key, whatever their order."""
    (fact,) = decide_map(NEW_BOOKS, {"tips-payable": "2", "sales/*": "1"}, defaults=False, over_short_limit_cents=0)
    assert fact == AccountsMapped(1, {"sales/*": "1", "tips-payable": "2"}, defaults=False, over_short_limit_cents=0)
    assert list(fact.accounts) == ["sales/*", "tips-payable"]
    books = fold([fact])
    assert (books.version, books.mapping.own, books.mapping.defaults) == (1, fact.accounts, False)
    assert books.over_short_limit_cents == 0


def test_mapping_the_same_again_is_nothing() -> None:
    """Given books, when they are told what they say, then there is no fact; any difference makes the next version."""
    books = fold(decide_map(NEW_BOOKS, {"sales/*": "1"}))
    assert decide_map(NEW_BOOKS, {}) == ()
    assert decide_map(books, {"sales/*": "1"}) == ()
    for differing in (
        decide_map(books, {}),
        decide_map(books, {"sales/*": "2"}),
        decide_map(books, {"sales/*": "1"}, defaults=False),
        decide_map(books, {"sales/*": "1"}, over_short_limit_cents=1),
    ):
        assert [fact.version for fact in differing] == [2]


REFUSED: list[tuple[dict[str, str], int, type[Refusal]]] = [
    ({f"tender/{number}": "1" for number in range(MOST_ACCOUNTS + 1)}, 500, TooManyAccounts),
    ({"nonsense": "1"}, 500, BadAccountKey),
    ({"sales/*": ""}, 500, BadAccount),
    ({}, -1, BadLimit),
    ({}, 10**12, BadLimit),
]


@pytest.mark.parametrize(("accounts", "limit", "refusal"), REFUSED)
def test_a_mapping_that_does_not_fit_is_refused(accounts: dict[str, str], limit: int, refusal: type[Refusal]) -> None:
    """Nothing is recorded of a mapping with an unknown key, an ill-formed account, too many of them or a bad limit."""
    with pytest.raises(refusal):
        decide_map(NEW_BOOKS, accounts, over_short_limit_cents=limit)


def test_as_many_accounts_as_are_taken() -> None:
    """The bound itself is taken."""
    assert decide_map(NEW_BOOKS, {f"tender/{number}": "1" for number in range(MOST_ACCOUNTS)})


def test_folding_books_guards_nothing() -> None:
    """History stays loadable: facts that today's rules would refuse are folded as they are."""
    assert fold([AccountsMapped(7, {"old": " "})]) == Books(1, AccountMapping({"old": " "}))
