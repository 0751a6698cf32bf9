"""Takes out a character printed twice: 始始终坚持 → 始终坚持."""

from __future__ import annotations

from transforms.restore.draft import Draft


def single(draft: Draft) -> None:
    """Cuts one of two equal characters where the dictionary knows the word with one."""
