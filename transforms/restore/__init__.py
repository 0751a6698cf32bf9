"""Bytes to a restored document: decoding, repairs, script, sections, facts.

`decode` gives the source text, `restore` the clean text with the way back to it.
"""

from __future__ import annotations

import hashlib
import re

from schemas.document import Document
from transforms.restore import facts, furniture, sections
from transforms.restore.decode import Decoded, Unreadable, decode
from transforms.restore.draft import Draft
from transforms.restore.repairs import REPAIRS, repair

__all__ = ["REPAIRS", "Decoded", "Unreadable", "decode", "restore"]

_DAMAGED = re.compile("\ufffd+")


def restore(name: str, decoded: Decoded, without: frozenset[str] = frozenset()) -> Document:
    """The restored document of a file called `name`. Never raises, whatever the text.

    `without` names repairs that are switched off (see `REPAIRS`). Clean text: paragraphs on
    lines of their own, simplified script, punctuation as `punctuation` says.
    """
    draft = Draft(decoded.text, without)
    script = repair(draft)
    kinds = furniture.clear(draft)
    clean = draft.text
    known = facts.read(clean, kinds)
    known.script = script
    tree, sentences = sections.build(clean, kinds, known)
    return Document(
        document_id=hashlib.blake2b(
            decoded.text.encode("utf-8", "replace"), digest_size=16
        ).hexdigest(),
        name=name,
        source=decoded.text,
        encoding=decoded.encoding,
        clean=clean,
        offsets=draft.offsets(),
        facts=known,
        sections=tree,
        sentences=sentences,
        repairs=draft.counts,
        damaged=[m.span() for m in _DAMAGED.finditer(clean)] if "\ufffd" in clean else [],
    )
