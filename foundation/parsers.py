"""The parsers of the API: bodies are measured before a call reads them."""

from typing import Any

from rest_framework.parsers import JSONParser

from foundation.incoming import LARGEST_JSON, json_of


class BoundedParser(JSONParser):
    """JSON that is short and shallow, of text that can be kept."""

    texts = True

    def parse(self, stream: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the body's data. Raises `InputTooLong`, `NotJson`, `UnreadableInput`."""
        return json_of(stream.read(LARGEST_JSON + 1), texts=self.texts)


class EachParser(BoundedParser):
    """JSON of many elements, each read by a serializer that refuses what is no text: one of them
    refuses only itself, and not the others with it.
    """

    texts = False
