"""What may go wrong in a way the user can understand."""


class GraticuleError(Exception):
    """An expected failure: `message` says what happened, `hint` what to do, both in the user's words."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Cancelled(Exception):
    """The user stopped a job. Shown to nobody."""


class EditMismatch(GraticuleError):
    """An edit's *before* is not what the labels hold, so applying it would be a guess."""
