"""The reference page: the OpenAPI document as plain HTML, without scripts and without anything from elsewhere."""

import html
from collections.abc import Iterator
from typing import Any, Final

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: #2f6f4f; }
@media (prefers-color-scheme: dark) { :root { --accent: #7fc8a0; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 2rem 0 .3rem; font-size: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { white-space: pre-wrap; } code.path { font-weight: 600; }
.method { color: var(--accent); font-weight: 700; margin-right: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
th { background: var(--soft); font-weight: 600; }
a { color: var(--accent); }
"""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""The page carries its own style and nothing else."""


def reference_page(document: dict[str, Any]) -> str:
    """The whole page."""
    info = document["info"]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(info['title'])} API</title><style>{_STYLE}</style></head><body>",
            f"<h1>{_text(info['title'])} API {_text(info['version'])}</h1>",
            f"<p>{_text(info.get('summary', ''))}</p>",
            '<p>For programs: <a href="/openapi.json">/openapi.json</a>, <a href="/problems">/problems</a>.</p>',
            *_paragraphs(info.get("description", "")),
            *_operations(document),
            *_schemas(document),
            "</body></html>",
        ]
    )


def _operations(document: dict[str, Any]) -> Iterator[str]:
    yield '<main><h2 id="operations">Operations</h2>'
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield from _operation(path, method, operation)
    yield "</main>"


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    name = _text(operation["operationId"])
    yield f'<section id="{name}"><h3><span class="method">{_text(method.upper())}</span>'
    yield f'<code class="path">{_text(path)}</code></h3><p><strong>{_text(operation.get("summary", ""))}.</strong></p>'
    yield from _paragraphs(operation.get("description", ""))
    parameters = operation.get("parameters", [])
    if parameters:
        yield "<table><tr><th>Parameter</th><th>In</th><th>Form</th><th>Meaning</th></tr>"
        for parameter in parameters:
            yield _row(
                f"<code>{_text(parameter['name'])}</code>",
                _text(parameter["in"]) + (", required" if parameter.get("required") else ""),
                _form(parameter.get("schema", {})),
                _text(parameter.get("description", "")),
            )
        yield "</table>"
    body = operation.get("requestBody", {}).get("content", {})
    for media, content in body.items():
        yield f"<p>Body: <code>{_text(media)}</code>, {_form(content.get('schema', {}))}</p>"
    yield "<table><tr><th>Status</th><th>Answer</th><th>Meaning</th></tr>"
    for status, response in operation.get("responses", {}).items():
        forms = [_form(content.get("schema", {})) for content in response.get("content", {}).values()]
        yield _row(_text(status), ", ".join(forms), _text(response.get("description", "")))
    yield "</table></section>"


def _schemas(document: dict[str, Any]) -> Iterator[str]:
    yield '<h2 id="shapes">Shapes</h2>'
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        yield f'<section id="shape-{_text(name)}"><h3>{_text(name)}</h3><p>{_text(schema.get("description", ""))}</p>'
        properties = schema.get("properties", {})
        if properties:
            yield "<table><tr><th>Member</th><th>Form</th><th>Meaning</th></tr>"
            for member, form in properties.items():
                yield _row(f"<code>{_text(member)}</code>", _form(form), _text(form.get("description", "")))
            yield "</table>"
        yield "</section>"


def _form(schema: dict[str, Any]) -> str:
    """A schema in a few words, with links to the shapes that it names."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#shape-{_text(name)}">{_text(name)}</a>'
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(_form(one) for one in schema[several])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return ", ".join(f"<code>{_text(value)}</code>" for value in values)
    if schema.get("type") == "array":
        return f"list of {_form(schema.get('items', {}))}"
    words = [schema.get("format") or schema.get("type") or "anything"]
    if "minimum" in schema or "maximum" in schema:
        words.append(f"{schema.get('minimum', '…')} to {schema.get('maximum', '…')}")
    if "default" in schema:
        words.append(f"default {schema['default']}")
    return _text(", ".join(str(word) for word in words))


def _paragraphs(text: str) -> Iterator[str]:
    """The little Markdown that our own texts use: paragraphs, lists, ``**bold**`` and `` `code` ``."""
    for block in text.strip().split("\n\n"):
        if not block:
            continue
        if block.startswith("- "):
            entries = " ".join(line if line.startswith("- ") else line.strip() for line in block.splitlines())
            yield "<ul>" + "".join(f"<li>{_inline(entry)}</li>" for entry in f" {entries}".split(" - ")[1:]) + "</ul>"
        else:
            yield f"<p>{_inline(' '.join(block.split()))}</p>"


def _inline(text: str) -> str:
    for mark, tag in (("**", "strong"), ("`", "code")):
        parts = text.split(mark)
        text = "".join(part if place % 2 == 0 else f"\0{tag}\1{part}\0/{tag}\1" for place, part in enumerate(parts))
    return _text(text).replace("\0", "<").replace("\1", ">")


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _text(value: Any) -> str:
    return html.escape(str(value))
