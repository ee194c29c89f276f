"""What somebody says about keeping a business day: that it is to be read anew, or that there was nothing to sell."""

import msgspec


class DayDeleted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody deleted the day's summary: the day is missing until its source is read whole again; its history stays.

    Attributes:
        generation: the generation that stood then.
    """

    generation: int


class DayConfirmedClosed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody confirmed that the place was closed, so that a day without sales need not be read again and again.

    Attributes:
        generation: the generation that stood then, without net sales.
    """

    generation: int
