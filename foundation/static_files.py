"""Static files as browsers get them: hashed names, sheets joined by page, modules with their needs.

A page's first paint waits for its style sheets, and over HTTP/1.1 each of a dozen costs a phone
part of a round trip. They stay files of one idea each; collecting joins what the setting
`STYLE_GROUPS` names together.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_ADDRESS = re.compile(r"""url\((["']?)(?![a-z]+:|[/#])([^"')]+)\1\)""")
# What a module needs before it runs. What it fetches later, by `import()`, is not among it.
_IMPORT = re.compile(r'^(?:import|export)\b[^"();]*"(\.[^"]+)";', re.MULTILINE)


def joined(group: str) -> str:
    """Return the name of the one sheet that holds a group."""
    return f"joined/{group}.css"


def _moved(text: str, sheet: str) -> str:
    """Return a sheet's text with addresses that hold where the joined one stands."""

    def there(found: re.Match[str]) -> str:
        address = relpath(join(dirname(sheet), found[2]), dirname(joined("any")))
        return f'url("{address}")'

    return _ADDRESS.sub(there, text)


class JoiningMixin:
    """Writes each group of sheets as one, before names get their hashes."""

    joins_sheets = True

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Join the sheets, then do what the storage does with all files."""
        for group, sheets in settings.STYLE_GROUPS.items() if not dry_run else ():
            texts = []
            for sheet in sheets:
                storage, path = paths[sheet]
                with storage.open(path) as file:
                    texts.append(_moved(file.read().decode(), sheet))
            name = joined(group)
            self.delete(name)  # type: ignore[attr-defined]  # a storage has it
            self.save(name, ContentFile("\n".join(texts)))  # type: ignore[attr-defined]  # a storage has it
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[misc]  # a storage has it


class HashedStorage(JoiningMixin, ManifestStaticFilesStorage):  # type: ignore[misc]  # as in Django
    """Hashed names."""


class CompressedStorage(JoiningMixin, CompressedManifestStaticFilesStorage):
    """Hashed names, and each file compressed beside itself."""


def sheets(group: str) -> tuple[str, ...]:
    """Return the sheets of a group: the joined one where files were collected."""
    if getattr(staticfiles_storage, "joins_sheets", False):
        return (joined(group),)
    found: tuple[str, ...] = settings.STYLE_GROUPS[group]
    return found


@cache
def needs(module: str) -> tuple[str, ...]:
    """Return the modules that one imports, and those that they import, by name, each once."""
    found: dict[str, None] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        file = finders.find(name)
        if not isinstance(file, str):
            raise ValueError(f"There is no script {name}.")
        for address in _IMPORT.findall(Path(file).read_text()):
            other = normpath(join(dirname(name), address))
            if other not in found:
                found[other] = None
                waiting.append(other)
    return tuple(found)
