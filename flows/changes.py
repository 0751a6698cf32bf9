"""What a survey means beside the ledger: which files are new, revised, unchanged, gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.batches import Manifest, Read, Refusal
from flows.sources import Found, Survey
from schemas.quarantine import ADVICE
from schemas.tables import Outcome
from warehouse.ledger import FileState, Ledger, key_of

Row = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """How each file ends: counts by outcome, and the rows of `FileEvents` that are written."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    events: list[Row] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Files seen, those gone included."""
        return sum(self.counts.values())


def unread(survey: Survey, ledger: Ledger, rules: str) -> list[Found]:
    """The files that have to be read: bytes not known, or read by other rules than `rules`.

    Of files with the same bytes the first one.
    """
    known = known_bytes(ledger)
    wanted: list[Found] = []
    asked: set[str] = set()
    for file in survey.files:
        if file.reason or file.sha256 in asked:
            continue
        before = ledger.files.get(file.key)
        if before and before.bad and before.sha256 == file.sha256:
            fresh = before.rules == rules
        else:
            read = known.get(file.sha256)
            fresh = read is not None and ledger.documents.get(read.document_id) == rules
        if not fresh:
            asked.add(file.sha256)
            wanted.append(file)
    return wanted


def known_bytes(ledger: Ledger) -> dict[str, Read]:
    """Hash of bytes → the document that they were read as."""
    return {
        file.sha256: Read("", file.sha256, file.encoding or "", file.document_id, "")
        for file in ledger.files.values()
        if file.sha256 and file.document_id and not file.bad
    }


def judge(survey: Survey, ledger: Ledger, manifests: Sequence[Manifest], run: int) -> Changes:
    """The outcome of every file, in sorted order, once the unread ones were read."""
    read = known_bytes(ledger)
    read |= {r.sha256: r for manifest in manifests for r in manifest.read}
    by_key = {r.key: r for manifest in manifests for r in manifest.read}
    refused_bytes = {r.sha256: r for manifest in manifests for r in manifest.refused}
    refused_keys = {r.key: r for manifest in manifests for r in manifest.refused}
    changes = Changes()
    changes.counts[Outcome.IGNORED] += survey.ignored
    held = set(ledger.current)
    there: set[str] = set()
    for file in survey.files:
        there.add(file.key)
        before = ledger.files.get(file.key)
        result: Read | Refusal | None
        if file.reason:
            result = Refusal(file.key, file.sha256, file.reason, ADVICE.get(file.reason, ""))
        else:
            result = (
                by_key.get(file.key)
                or refused_keys.get(file.key)
                or read.get(file.sha256)
                or refused_bytes.get(file.sha256)
            )
        if result is None:  # bad before, and still the same bytes
            changes.counts[Outcome.UNCHANGED] += 1
        elif isinstance(result, Refusal):
            _refuse(changes, file, before, result, run)
        else:
            _accept(changes, file, before, result, held, run)
    _withdraw(changes, survey, ledger, there, run)
    return changes


def _refuse(
    changes: Changes, file: Found, before: FileState | None, refusal: Refusal, run: int
) -> None:
    """A file that is kept out; what it stood for before is still served."""
    known = before is not None and before.bad and before.sha256 == refusal.sha256
    outcome = Outcome.UNCHANGED if known else Outcome.QUARANTINED
    changes.counts[outcome] += 1
    if known and file.reason:
        return
    document = before.document_id if before and before.present else None
    changes.events.append(
        _event(file, before, run, outcome, refusal.sha256)
        | {"document_id": document, "reason": refusal.reason, "advice": refusal.advice}
    )


def _accept(
    changes: Changes,
    file: Found,
    before: FileState | None,
    read: Read,
    held: set[str],
    run: int,
) -> None:
    """A file that was read, now or before."""
    previous = before.document_id if before and before.present else None
    if previous == read.document_id:
        outcome = Outcome.UNCHANGED
    elif previous is not None:
        outcome = Outcome.REVISED
    else:
        outcome = Outcome.DUPLICATE if read.document_id in held else Outcome.NEW
    held.add(read.document_id)
    changes.counts[outcome] += 1
    as_before = before is not None and before.sha256 == read.sha256 and not before.bad
    if outcome is Outcome.UNCHANGED and as_before:
        return
    changes.events.append(
        _event(file, before, run, outcome, read.sha256)
        | {"document_id": read.document_id, "encoding": read.encoding}
    )


def _withdraw(changes: Changes, survey: Survey, ledger: Ledger, there: set[str], run: int) -> None:
    """Files below the roots that are gone, and those of archives that are as they were."""
    unchanged: set[str] = set()
    for prefix in survey.unchanged_archives:
        unchanged.update(key for key in ledger.below(prefix) if key not in there)
    changes.counts[Outcome.UNCHANGED] += len(unchanged)
    kept = tuple(survey.kept)
    gone = {
        key
        for root in survey.roots
        for key in ledger.below(root)
        if key not in there and not (kept and key.startswith(kept))
    }
    for key in sorted(gone):
        before = ledger.files[key]
        file = Found(before.root, before.path, "", -1, 0, "")
        changes.counts[Outcome.WITHDRAWN] += 1
        changes.events.append(_event(file, before, run, Outcome.WITHDRAWN, None) | {"size": None})


def _event(
    file: Found, before: FileState | None, run: int, outcome: Outcome, sha256: str | None
) -> Row:
    """A row of `FileEvents`; a known file keeps the root and path it was first known by."""
    return {
        "run": run,
        "root": before.root if before else file.root,
        "path": before.path if before else file.path,
        "name": file.name,
        "outcome": outcome,
        "sha256": sha256,
        "size": file.size,
        "encoding": None,
        "document_id": None,
        "previous_document_id": before.document_id if before and before.present else None,
        "reason": None,
        "advice": None,
    }


def members_known(ledger: Ledger) -> Counter[str]:
    """Key of each archive → how many of its members were there."""
    known: Counter[str] = Counter()
    for file in ledger.files.values():
        if file.present and "!/" in file.path:
            known[key_of(file.root, file.path.partition("!/")[0])] += 1
    return known
