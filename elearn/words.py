"""Sentences that are kept as data, and translated where they are read."""


def said(text: str) -> str:
    """A sentence that is kept as it stands and shown in the reader's language, with ``_(…)``, wherever it is read."""
    return text
