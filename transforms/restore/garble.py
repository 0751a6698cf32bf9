"""Undoes wrong decodings inside a text: UTF-8 read as GBK, GBK read one byte off."""

from __future__ import annotations

from transforms.restore.characters import Flags
from transforms.restore.draft import Draft


def unscramble(draft: Draft, flags: Flags) -> bool:
    """Rereads what was decoded wrongly as a whole."""
    return False


def shift_back(draft: Draft) -> None:
    """Shifts runs back that lost a byte."""
