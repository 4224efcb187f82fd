"""The one shape of an error: what was found, what was expected, what to do."""

from __future__ import annotations


class SolbookError(Exception):
    """An error a user can act on.

    Args:
        message: One sentence that says what is wrong.
        code: A short, stable word that programs may compare.
        found: What was there.
        expected: What should have been there.
        help: What to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "error",
        found: str = "",
        expected: str = "",
        help: str = "",  # noqa: A002  (the field's public name in every answer)
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.found = found
        self.expected = expected
        self.help = help

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error cross a process boundary with its fields."""
        return (_rebuild, (type(self), self.as_dict()))

    def __str__(self) -> str:
        """The message and whatever fields are filled, a line each."""
        lines = [self.message]
        for label, text in (
            ("found", self.found),
            ("expected", self.expected),
            ("help", self.help),
        ):
            if text:
                lines.append(f"  {label}: {text}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str]:
        """The fields as JSON answers carry them: code, message, found, expected, help."""
        return {
            "code": self.code,
            "message": self.message,
            "found": self.found,
            "expected": self.expected,
            "help": self.help,
        }


def _rebuild(kind: type[SolbookError], fields: dict[str, str]) -> SolbookError:
    message = fields.pop("message")
    return kind(message, **fields)
