"""Golden files of facts: every shape that was ever stored stays here and has to load for ever.

``python -m tests.support.golden`` adds files for facts and versions that have none, and never changes one.
"""

import json
from pathlib import Path
from typing import Any, Final

import msgspec

from domain.facts import FACTS, fact_version, store
from tests.support.facts import BY, EXAMPLES

FOLDER: Final = Path(__file__).parent.parent / "golden" / "facts"
SHAPES: Final = FOLDER / "shapes.json"


def shape_of(struct: type) -> dict[str, Any]:
    """Names, types and defaults of a struct's fields, those of structs inside it included."""
    described: dict[str, Any] = {}
    for field in msgspec.structs.fields(struct):
        described[field.encode_name] = {"type": _type(field.type), "required": field.required}
        for inner in _structs(field.type):
            described[field.encode_name][inner.__name__] = shape_of(inner)
    return described


def shapes() -> dict[str, Any]:
    """``name.vN`` → the shape of today."""
    return {f"{name}.v{version}": shape_of(struct) for name, (struct, version) in sorted(FACTS.items())}


def file_of(name: str) -> Path:
    """The golden file of a fact as it is stored today."""
    return FOLDER / f"{name}.v{fact_version(name)}.json"


def main() -> None:
    """Add what is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, example in EXAMPLES.items():
        if not file_of(name).exists():
            file_of(name).write_bytes(store(example, BY)[1])
    known = json.loads(SHAPES.read_text()) if SHAPES.exists() else {}
    SHAPES.write_text(json.dumps({**shapes(), **known}, indent=1, sort_keys=True) + "\n")


def _type(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) and not _arguments(annotation) else str(annotation)


def _arguments(annotation: Any) -> tuple[Any, ...]:
    return tuple(getattr(annotation, "__args__", ()))


def _structs(annotation: Any) -> list[type]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [struct for argument in _arguments(annotation) for struct in _structs(argument)]


if __name__ == "__main__":
    main()
