"""What a venue sells: products by category, their modifiers, their taxes."""

import random
from typing import NamedTuple

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.rows import Tax

DAYPARTS = ("breakfast", "lunch", "dinner", "late night")
VOID_REASONS = ("Wrong item", "Guest changed mind", "Kitchen error", "86'd", "Training")

_SALES_TAX = ("State Tax", 8_250)
_CITY_TAX = ("City Tax", 1_000)
_LIQUOR_TAX = ("Liquor Tax", 2_500)

# name, lowest and highest price in cents, dayparts
_FOOD = {
    "Breakfast": [
        ("Two Eggs Any Style", 899, 1199),
        ("Buttermilk Pancakes", 799, 1099),
        ("Country Omelette", 1099, 1499),
        ("Oatmeal", 499, 699),
    ],
    "Food": [
        ("Burger", 1000, 1599),
        ("Chicken Sandwich", 1099, 1499),
        ("Caesar Salad", 899, 1299),
        ("Fish & Chips", 1399, 1899),
        ("Soup of the Day", 499, 699),
        ("Tacos “al pastor”", 999, 1399),
        ("Ribeye 12 oz", 2699, 3699),
        ("Kids Pasta", 599, 799),
    ],
    "Dessert": [("Cheesecake", 699, 899), ("Crème brûlée", 799, 999)],
    "Beverage": [("Coffee", 299, 399), ("Iced Tea", 279, 379), ("Orange Juice", 349, 449), ("Soda", 289, 349)],
}
_DRINKS = {
    "Beer": [("Draft Lager", 600, 800), ("IPA Pint", 700, 900)],
    "Wine": [("House Red", 800, 1100), ("Chardonnay", 900, 1300)],
    "Liquor": [("Margarita", 1000, 1400), ("Old Fashioned", 1200, 1600)],
}
_MODIFIERS = (
    ("Add Bacon", 200),
    ("Add Cheese", 125),
    ("No Onion", 0),
    ("Extra Dressing", 75),
    ("Well Done", 0),
    ("Side of Fries", 399),
)
_WITH_MODIFIERS = {"Breakfast", "Food"}
_BY_DAYPART = {
    "breakfast": (("Breakfast", 8), ("Beverage", 5), ("Retail", 1)),
    "lunch": (("Food", 9), ("Beverage", 6), ("Dessert", 1), ("Beer", 1), ("Retail", 1)),
    "dinner": (("Food", 9), ("Beverage", 3), ("Dessert", 2), ("Beer", 3), ("Wine", 3), ("Liquor", 2)),
    "late night": (("Food", 4), ("Beer", 5), ("Liquor", 5), ("Wine", 1)),
}


class TaxRule(NamedTuple):
    """A tax by its name, its rate (of 1/100,000) and whether the price contains it."""

    name: str
    rate: int
    inclusive: bool = False


class TaxLine(NamedTuple):
    """The taxes of one line, and their sums in cents."""

    taxes: list[Tax]
    exclusive: int
    inclusive: int


class Product:
    """Something on the menu; remembers the taxes of amounts that it has met."""

    __slots__ = ("_memo", "category", "modifiers", "name", "price", "price_text", "rules")

    def __init__(
        self, name: str, category: str, price: int, rules: tuple[TaxRule, ...], modifiers: "tuple[Product, ...]" = ()
    ) -> None:
        self.name = name
        self.category = category
        self.price = price
        self.price_text = money.text(price)
        self.rules = rules
        self.modifiers = modifiers
        self._memo: dict[int, TaxLine] = {}

    def taxes(self, base: int) -> TaxLine:
        """Answer the taxes of a line worth ``base`` cents after discounts, each rounded by itself."""
        known = self._memo.get(base)
        if known is None:
            known = self._memo[base] = self._reckon(base)
        return known

    def _reckon(self, base: int) -> TaxLine:
        taxes, sums = [], {False: 0, True: 0}
        for rule in self.rules:
            whole = money.RATE_UNIT + rule.rate if rule.inclusive else money.RATE_UNIT
            amount = money.share(base, rule.rate, whole)
            sums[rule.inclusive] += amount
            taxes.append(Tax(name=rule.name, amount=money.text(amount), inclusive=rule.inclusive))
        return TaxLine(taxes, sums[False], sums[True])


class Menu(NamedTuple):
    """A venue's products, drawn from per daypart; a product stands in a pool as often as it is ordered."""

    pools: dict[str, list[Product]]


def draw_menu(seed: int, venue_id: str) -> Menu:
    """Draw the menu of a venue."""
    rng = random.Random(f"{seed}:{venue_id}:menu")
    food_rules = (TaxRule(*_SALES_TAX), TaxRule(*_CITY_TAX)) if rng.random() < 0.5 else (TaxRule(*_SALES_TAX),)
    drink_rules = (TaxRule(*_SALES_TAX), TaxRule(*_LIQUOR_TAX))
    modifiers = {
        category: tuple(Product(name, category, price, food_rules) for name, price in _MODIFIERS)
        for category in sorted(_WITH_MODIFIERS)
    }
    shelves: dict[str, list[Product]] = {}
    for listing, rules in ((_FOOD, food_rules), (_DRINKS, drink_rules)):
        for category, products in listing.items():
            shelves[category] = [
                Product(name, category, rng.randint(low, high), rules, modifiers.get(category, ()))
                for name, low, high in products
            ]
    # The price on a T-shirt is what the guest pays: the one category whose tax is inside its price.
    shelves["Retail"] = [Product("T-Shirt", "Retail", 1800, (TaxRule("Retail Tax", 7_000, inclusive=True),))]
    pools = {
        daypart: [product for category, weight in weights for product in shelves[category] * weight]
        for daypart, weights in _BY_DAYPART.items()
    }
    return Menu(pools)
