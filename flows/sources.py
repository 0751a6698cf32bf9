"""What lies below the given paths: files, and the members of archives read in memory.

Nothing is ever unpacked to the disk, and no name inside an archive is used to open a file.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from schemas.exits import Exit, Stop
from schemas.quarantine import QuarantineReason
from schemas.settings import Settings

ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
ENTER = "!/"
"""Stands between an archive and a path inside it."""

DIRECTORIES_OWN = {"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"}
PIECE = 1 << 16


class Signature(NamedTuple):
    """What the file system says of a file; where it is the same, so are the bytes."""

    size: int
    modified: int
    changed: int
    inode: int


class Remembered(NamedTuple):
    """A file as last read: its signature and hash; for an archive, what was in it."""

    signature: Signature
    sha256: str
    members: int = -1
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found. `member` is the position of a member in its archive, else -1.

    `sha256` is empty for a file that is refused unread; `reason` says why it is.
    """

    root: str
    path: str
    location: str
    member: int
    size: int
    sha256: str
    reason: str = ""

    @property
    def key(self) -> str:
        """The absolute path, members of archives included."""
        return f"{self.root.rstrip('/')}/{self.path}"

    @property
    def name(self) -> str:
        """The file name."""
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class Survey:
    """Everything found. `roots` are the prefixes below which a missing file is gone; `kept`
    those below which files count as they were (an unchanged or unreadable archive);
    `unchanged_archives` lists the former with the number of their members.
    """

    files: list[Found] = field(default_factory=list)
    ignored: int = 0
    roots: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged_archives: list[str] = field(default_factory=list)
    signatures: dict[str, Remembered] = field(default_factory=dict)


def survey(
    paths: Sequence[str],
    settings: Settings,
    remembered: Mapping[str, Remembered],
    members_known: Mapping[str, int],
) -> Survey:
    """Look at everything below `paths`, in sorted order, each file once.

    `members_known`: archive key → how many present members the ledger has. Raises `Stop`
    (USAGE for a path that does not exist, IO for one that cannot be read).
    """
    found = Survey()
    seen: set[str] = set()
    for given in paths:
        path = os.path.abspath(given)
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            code = Exit.USAGE if isinstance(error, FileNotFoundError) else Exit.IO
            raise Stop(code, f"{given}: {error.strerror}") from error
        if stat.S_ISDIR(mode):
            found.roots.append(shown(path).rstrip("/") + "/")
            walk = _files_below(path, found)
            root = path
        else:
            root = os.path.dirname(path)
            walk = iter([path])
        for location in walk:
            if location in seen:
                continue
            seen.add(location)
            _look(found, root, location, settings, remembered, members_known)
    found.files.sort(key=lambda file: (file.path, file.root))
    return found


def shown(path: str) -> str:
    """`path` as text: bytes that are no UTF-8 are shown as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _files_below(root: str, found: Survey) -> Iterator[str]:
    """Every file below `root`, sorted; hidden ones are counted as ignored, with their folders."""

    def fail(error: OSError) -> None:
        raise Stop(Exit.IO, f"{shown(str(error.filename))}: {error.strerror}") from error

    for folder, folders, files in os.walk(root, onerror=fail):
        for hidden in [name for name in folders if _is_hidden(name)]:
            folders.remove(hidden)
            found.ignored += sum(len(f) for _, _, f in os.walk(os.path.join(folder, hidden)))
        folders.sort()
        for name in sorted(files):
            location = os.path.join(folder, name)
            if _is_hidden(name) or not os.path.isfile(location):
                found.ignored += 1
            else:
                yield location


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden, or one that file managers leave (`~$x.docx`)."""
    return name.startswith((".", "~$")) or name.lower() in DIRECTORIES_OWN


def _look(
    found: Survey,
    root: str,
    location: str,
    settings: Settings,
    remembered: Mapping[str, Remembered],
    members_known: Mapping[str, int],
) -> None:
    """Add the file at `location`, or what is in it, to what was found."""
    top = shown(root)
    path = shown(os.path.relpath(location, root))
    signature = Signature(0, 0, 0, 0)
    try:
        about = os.stat(location)
        signature = Signature(about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
        known = remembered.get(location)
        same = known is not None and known.signature == signature
        if location.lower().endswith(ARCHIVES):
            archive = Found(top, path, location, -1, signature.size, "")
            prefix = archive.key + ENTER
            if known and same and known.members == members_known.get(archive.key, 0) > 0:
                found.signatures[location] = known
                found.ignored += known.ignored
                found.kept.append(prefix)
                found.unchanged_archives.append(prefix)
            else:
                _look_inside(found, archive, settings, signature)
            return
        digest = known.sha256 if known and same else sha256(location)
    except FileNotFoundError:
        return  # gone since the folder was listed
    except OSError:
        found.files.append(
            Found(top, path, location, -1, signature.size, "", QuarantineReason.UNREADABLE)
        )
        return
    found.signatures[location] = Remembered(signature, digest)
    reason = QuarantineReason.TOO_LARGE if signature.size > settings.max_file_bytes else ""
    found.files.append(Found(top, path, location, -1, signature.size, digest, reason))


def sha256(location: str) -> str:
    """SHA-256 of a file's bytes."""
    with open(location, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _look_inside(found: Survey, archive: Found, settings: Settings, signature: Signature) -> None:
    """Add the members of an archive, or the archive itself where it cannot be read."""
    members: list[Found] = []
    ignored = 0
    names: set[str] = set()
    total = 0
    most = min(
        settings.max_archive_bytes,
        max(int(archive.size * settings.max_archive_ratio), 16 * settings.max_file_bytes),
    )
    try:
        with opened(archive.location) as content:
            for number, member in enumerate(content):
                if number >= settings.max_archive_members:
                    raise Refused(QuarantineReason.ARCHIVE_TOO_LARGE)
                if _is_ignored_member(member.name):
                    ignored += 1
                    continue
                reason, size, digest = member.reason, member.size, ""
                if not reason and member.size > settings.max_file_bytes:
                    reason = QuarantineReason.TOO_LARGE
                if not reason:
                    size, digest = _measure(member, min(settings.max_file_bytes, most - total))
                    total += size
                    if total >= most:
                        raise Refused(QuarantineReason.ARCHIVE_TOO_LARGE)
                    if size > settings.max_file_bytes:
                        reason = QuarantineReason.TOO_LARGE
                path = f"{archive.path}{ENTER}{_numbered(member.name, names)}"
                digest = digest or hashlib.sha256(f"{reason} {member.size}".encode()).hexdigest()
                members.append(
                    Found(archive.root, path, archive.location, number, size, digest, reason)
                )
    except Refused as refused:
        _refuse(found, archive, refused.reason)
        return
    except DAMAGED:
        _refuse(found, archive, QuarantineReason.ARCHIVE_DAMAGED)
        return
    found.files += members
    found.ignored += ignored
    found.signatures[archive.location] = Remembered(signature, "", len(members), ignored)


def _refuse(found: Survey, archive: Found, reason: str) -> None:
    """Add the archive itself as a file that is refused; its members stay as they were."""
    digest = sha256(archive.location)
    found.kept.append(archive.key + ENTER)
    found.files.append(
        Found(archive.root, archive.path, archive.location, -1, archive.size, digest, reason)
    )


def _measure(member: Member, most: int) -> tuple[int, str]:
    """Size and hash of a member's bytes, read in pieces; stops behind `most` bytes."""
    digest = hashlib.sha256()
    size = 0
    with member.open() as file:
        while piece := file.read(PIECE):
            size += len(piece)
            digest.update(piece)
            if size > most:
                break
    return size, digest.hexdigest()


def _numbered(name: str, names: set[str]) -> str:
    """`name`, made different from those an archive already has by a number behind."""
    different, number = name, 1
    while different in names:
        number += 1
        different = f"{name}#{number}"
    names.add(different)
    return different


def _is_ignored_member(name: str) -> bool:
    """Whether a member, or a folder it is in, is hidden."""
    return any(_is_hidden(part) for part in name.split("/") if part not in ("", ".", ".."))


class Refused(Exception):
    """An archive that is not read; `reason` goes to quarantine."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name as text, its size as the archive says, and its opener."""

    name: str
    size: int
    reason: str
    source: zipfile.ZipFile | tarfile.TarFile
    entry: zipfile.ZipInfo | tarfile.TarInfo

    def open(self) -> IO[bytes]:
        """A stream of its bytes."""
        if isinstance(self.source, zipfile.ZipFile):
            assert isinstance(self.entry, zipfile.ZipInfo)
            return self.source.open(self.entry)
        assert isinstance(self.entry, tarfile.TarInfo)
        return self.source.extractfile(self.entry) or io.BytesIO()


DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    zlib.error,
)
"""What the standard library raises on archives that are damaged or of unknown make."""


@contextmanager
def opened(location: str) -> Iterator[Iterator[Member]]:
    """The members of the archive at `location`, in their order, directories left out."""
    if location.lower().endswith(".zip"):
        with zipfile.ZipFile(location) as archive:
            yield _zip_members(archive)
    else:
        with tarfile.open(location, "r|*") as stream:
            yield _tar_members(stream)


def _zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        name = _zip_name(entry)
        link = stat.S_ISLNK(entry.external_attr >> 16)
        reason = _danger(name) or (QuarantineReason.ARCHIVE_LINK if link else "")
        if entry.flag_bits & 1:
            reason = QuarantineReason.ARCHIVE_ENCRYPTED
        yield Member(name, entry.file_size, reason, archive, entry)


def _tar_members(stream: tarfile.TarFile) -> Iterator[Member]:
    for entry in stream:
        if entry.isdir():
            continue
        name = shown(entry.name)
        reason = _danger(name) or ("" if entry.isfile() else QuarantineReason.ARCHIVE_LINK)
        yield Member(name, entry.size, reason, stream, entry)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member; without the flag for UTF-8 it is GB18030 where that decodes."""
    if entry.flag_bits & 0x800:
        return shown(entry.filename)
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return shown(entry.filename)


def _danger(name: str) -> str:
    """Why a member is not read, from its name alone."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "\0" in name or name[1:2] == ":":
        return QuarantineReason.ARCHIVE_UNSAFE_NAME
    if name.lower().endswith(ARCHIVES):
        return QuarantineReason.ARCHIVE_NESTED
    return ""


def contents(location: str, members: Sequence[int], most: int) -> Iterator[bytes]:
    """The bytes of the file at `location` (`members` is `[-1]`) or of members of an archive.

    At most `most` bytes of each; `members` ascend. Raises OSError and what `DAMAGED` lists.
    """
    if list(members) == [-1]:
        with open(location, "rb") as file:
            yield file.read(most)
        return
    wanted = iter(members)
    nearest = next(wanted, None)
    with opened(location) as content:
        for number, member in enumerate(content):
            if number == nearest:
                with member.open() as file:
                    yield file.read(most)
                nearest = next(wanted, None)
                if nearest is None:
                    return
