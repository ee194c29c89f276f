"""What people enter over what the sources say, and what becomes of it when the sources change."""

import msgspec

from domain.facts.values import ABSENT, Change


class Comment(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A comment on a day, in the bytes of the fact that enters it.

    Attributes:
        text: on one line.
        by: who entered it, as provenance names them.
    """

    text: str
    by: str = ""


class Tag(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A tag on a day; its key is its name.

    Attributes:
        name: a word, or a few.
        by: who entered it, as provenance names them.
    """

    name: str
    by: str = ""


class OverlayEntered(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody entered something on our side. It survives whatever the sources say, until it is withdrawn.

    Attributes:
        kind: ``punch`` (edited, added or struck out), ``deposit``, ``comment`` or ``tag``.
        key: of the record that it stands for; what the sources do not have has a key that none of them can use.
        before: what was shown until then, or absent where there was nothing.
        after: what is shown from then on, or absent where it was struck out.
        source: what the source said then: of a punch its record, of a deposit the source's deposits of the day by key;
            absent where it had nothing.
        generation: the day's generation that it was entered over.
    """

    kind: str
    key: str
    before: msgspec.Raw
    after: msgspec.Raw
    source: msgspec.Raw
    generation: int = 0

    @property
    def change(self) -> Change:
        """What it changed of what is shown."""
        return Change(self.kind, self.key, self.before, self.after)


class OverlayWithdrawn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody took back what was entered on our side: what the source says is shown again.

    Attributes:
        kind: as of :class:`OverlayEntered`; likewise ``key``.
        before: what was shown until then.
        after: what is shown from then on: what the source says, or absent where it has nothing.
        generation: the day's generation then.
    """

    kind: str
    key: str
    before: msgspec.Raw
    after: msgspec.Raw
    generation: int = 0

    @property
    def change(self) -> Change:
        """What it changed of what is shown."""
        return Change(self.kind, self.key, self.before, self.after)


class OverlayAgreed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source came to say what was entered here. The entry rests: a later change at the source is a conflict again.

    Attributes:
        kind: as of :class:`OverlayEntered`; likewise ``key``.
        before: what was shown until then: ours.
        after: what is shown from then on: the source's record, which says the same in what was edited.
        generation: the one that brought it.
    """

    kind: str
    key: str
    before: msgspec.Raw
    after: msgspec.Raw
    generation: int = 0

    @property
    def change(self) -> Change:
        """What it changed of what is shown."""
        return Change(self.kind, self.key, self.before, self.after)


class ConflictRaised(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source changed what was entered over here: ours is shown, theirs stands beside it until somebody decides.

    Attributes:
        kind: ``punch`` or ``deposit``.
        key: of the source's record.
        ours: of a punch what is shown, absent where it was struck out; of a deposit those that were entered here, by
            key.
        theirs: the source's record, or absent where it has it no longer.
        generation: the one that brought it.
    """

    kind: str
    key: str
    ours: msgspec.Raw
    theirs: msgspec.Raw
    generation: int = 0

    @property
    def change(self) -> Change:
        """From ours to theirs; a deposit is another one than ours, and nothing until somebody decides."""
        return Change(self.kind, self.key, ABSENT if self.kind == "deposit" else self.ours, self.theirs)


class ConflictResolved(msgspec.Struct, frozen=True, omit_defaults=True):
    """It was decided which side of a conflict is shown.

    Attributes:
        kind: as of :class:`ConflictRaised`; likewise ``key``, ``ours`` and ``theirs``.
        side: ``ours``, ``theirs``, or of deposits ``both``.
        ground: empty where a person decided; ``policy`` where the configuration says so; ``taken-back`` where the
            source went back to what it said before.
        generation: the day's generation then.
    """

    kind: str
    key: str
    side: str
    ours: msgspec.Raw
    theirs: msgspec.Raw
    ground: str = ""
    generation: int = 0

    @property
    def change(self) -> Change:
        """From ours to what is shown from then on; a deposit that is set aside stays nothing."""
        before = ABSENT if self.kind == "deposit" else self.ours
        return Change(self.kind, self.key, before, before if self.side == "ours" else self.theirs)


OverlayFact = OverlayEntered | OverlayWithdrawn | OverlayAgreed | ConflictRaised | ConflictResolved
