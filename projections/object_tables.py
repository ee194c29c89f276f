"""Tables of what is synchronized outward: objects, and the attempts at them."""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary

from projections.columns import WORD, count, flag, key, place, table, text, whole

synced: Final = table(
    "object",
    key("client"),
    key("connection"),
    key("key"),
    Column("type", WORD, nullable=False),
    Column("category", WORD, nullable=False),  # `finance`, `master`, `schedule` or `notice`
    Column("location", WORD, nullable=False),  # empty where it is of none
    Column("date", WORD, nullable=False),  # business date, or first of the week; empty where it is of none
    count("version"),  # of what is to stand at the other side
    text("document"),  # the capture of that
    flag("empty"),  # nothing is to stand there
    Column("state", WORD, nullable=False),
    flag("retryable"),
    text("retry_at"),
    text("message"),
    text("failure"),
    text("external_id"),
    count("posted_version"),  # 0 where nothing stands there
    text("posted_reference"),
    text("posted_document"),
    count("attempts"),
    text("ends_at"),  # nothing of the attempt under way is sent after it; empty where none is
    text("looked_at"),  # since the newest attempt: when it was looked up or at last, or became unknown
    text("registered_at"),
    text("changed_at"),  # of its newest fact
    whole("derived"),  # the position as of which the document was derived
    whole("position"),
    Column("fold", LargeBinary, nullable=False),  # how it stands, to go on from
    Index("object_by_state", "client", "state", "connection", "key"),
    Index("object_by_day", "client", "connection", "location", "date"),
)
"""Everything that other systems are told of, and how it stands."""

attempted: Final = table(
    "object_attempt",
    key("client"),
    key("connection"),
    key("key"),
    place("attempt"),
    text("step"),
    count("version"),
    text("reference"),
    text("document"),
    text("level"),
    text("started_at"),
    text("ends_at"),
    text("outcome"),  # `running`, `unknown`, `succeeded` or `failed`
    text("failure"),
    text("message"),
    text("external_id"),
    flag("found"),
    text("retry_at"),
    count("looks"),
    text("ended_at"),  # of what is known of its outcome; empty while it runs
    text("actor"),
    whole("began"),  # the position of its beginning
    whole("position"),
    Index("object_attempt_by_position", "client", "connection", "position"),
)
"""Every attempt at telling another system of an object."""
