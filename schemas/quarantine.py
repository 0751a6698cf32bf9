"""Why a file is kept out of the warehouse, and what a person can do about it."""

from __future__ import annotations

from enum import StrEnum


class QuarantineReason(StrEnum):
    """Reasons besides those of the bytes, which are `schemas.document.UnreadableReason`."""

    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    ARCHIVE_DAMAGED = "archive_damaged"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    ARCHIVE_NESTED = "archive_nested"
    ARCHIVE_ENCRYPTED = "archive_encrypted"
    ARCHIVE_UNSAFE_NAME = "archive_unsafe_name"
    ARCHIVE_LINK = "archive_link"


ADVICE: dict[str, str] = {
    QuarantineReason.TOO_LARGE: "Too large for a report; split it into its documents.",
    QuarantineReason.TOO_SLOW: "Reading took too long; look for a damaged passage in it.",
    QuarantineReason.FAILED: "Reading failed; please report it together with the file.",
    QuarantineReason.UNREADABLE: "The file could not be read; check its permissions and disk.",
    QuarantineReason.ARCHIVE_DAMAGED: "The archive is damaged; download or pack it again.",
    QuarantineReason.ARCHIVE_TOO_LARGE: "Unpacks to more than is sensible; split the archive.",
    QuarantineReason.ARCHIVE_NESTED: "An archive inside an archive; unpack the inner one first.",
    QuarantineReason.ARCHIVE_ENCRYPTED: "Encrypted; unpack it with its password first.",
    QuarantineReason.ARCHIVE_UNSAFE_NAME: "The name leads outside the archive; pack it anew.",
    QuarantineReason.ARCHIVE_LINK: "A link, not a file; pack the file itself.",
}
