"""The accounts that a client's books begin with: those that a small restaurant's chart of accounts has."""

from typing import Final

_CASH: Final = "1010"  # cash on hand, undeposited
_BANK: Final = "1020"
_CARDS: Final = "1110"  # card processors owe it
_HOUSE_ACCOUNTS: Final = "1210"
_MARKETPLACES: Final = "1220"  # delivery services owe it
_OPEN_CHECKS: Final = "1230"
_PAYROLL: Final = "2110"
_CLEARING: Final = "2150"  # paid in or out by other means than the drawer's cash
_GIVEN_BACK: Final = "2160"  # late voids: money that goes back to guests
_SALES_TAX: Final = "2210"
_MARKETPLACE_TAX: Final = "2220"  # both halves of it, so that nothing stays there
_TIPS: Final = "2310"
_GIFT_CARDS: Final = "2410"
_UNEARNED: Final = "2420"  # deposits for events, and other revenue that is no sale yet
_DISCOUNTS: Final = "4510"

DEFAULT_ACCOUNTS: Final[dict[str, str]] = {
    "tender/Cash": _CASH,
    "tender/Visa": _CARDS,
    "tender/Mastercard": _CARDS,
    "tender/MC": _CARDS,
    "tender/Amex": _CARDS,
    "tender/American Express": _CARDS,
    "tender/Discover": _CARDS,
    "tender/Diners Club": _CARDS,
    "tender/JCB": _CARDS,
    "tender/Debit": _CARDS,
    "tender/Debit Card": _CARDS,
    "tender/Credit Card": _CARDS,
    "tender/Credit": _CARDS,
    "tender/Card": _CARDS,
    "tender/Gift Card": _GIFT_CARDS,
    "tender/Gift Certificate": _GIFT_CARDS,
    "tender/House Account": _HOUSE_ACCOUNTS,
    "tender/DoorDash": _MARKETPLACES,
    "tender/Uber Eats": _MARKETPLACES,
    "tender/Grubhub": _MARKETPLACES,
    "facilitator-payment": _MARKETPLACE_TAX,
    "discount/*": _DISCOUNTS,
    "comp/*": "4520",
    "promo/*": "4530",
    "late-void": "4540",
    "paid-out/*": "6010",
    "tips-paid-out": _TIPS,
    "deposit/*": _BANK,
    "over-short": "6020",
    "sales/Breakfast/*": "4010",
    "sales/Food/*": "4010",
    "sales/Dessert/*": "4010",
    "sales/Desserts/*": "4010",
    "sales/Beverage/*": "4020",
    "sales/Beverages/*": "4020",
    "sales/Drinks/*": "4020",
    "sales/Beer/*": "4030",
    "sales/Wine/*": "4040",
    "sales/Liquor/*": "4050",
    "sales/Spirits/*": "4050",
    "sales/Alcohol/*": "4050",
    "sales/Fees/*": "4060",
    "sales/Merchandise/*": "4070",
    "sales/Retail/*": "4070",
    "sales/Catering/*": "4080",
    "tax/*": _SALES_TAX,
    "facilitator-tax": _MARKETPLACE_TAX,
    "tips-payable": _TIPS,
    "surcharge/*": "4110",
    "non-sales/*": _UNEARNED,
    "non-sales/Gift Card": _GIFT_CARDS,
    "non-sales/Gift Cards": _GIFT_CARDS,
    "paid-in/*": "6030",
    "adjustment/*": "6090",
    "adjustment/late_void": _GIVEN_BACK,
    "adjustment/unpaid_balance": _OPEN_CHECKS,
    "late-void-clearing": _GIVEN_BACK,
    "cash-clearing": _CASH,
    "other-clearing": _CLEARING,
    "wages/*": "5110",
    "accrued-payroll": _PAYROLL,
    "guests": "9010",
    "tickets": "9020",
    "hours/*": "9030",
}
"""Account by key or pattern. Categories and tenders that are not in it have no account until the client gives one: what
a stranger's category is nobody can guess, and a sale in the wrong account is worse than a line that waits."""
