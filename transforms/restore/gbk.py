"""What is known of GBK read one byte off: the pairs of bytes, and the signs of one lost."""

from __future__ import annotations

MARK = "\ufffd"
SIGNS = "?\ufffd"  # what stands where a byte was lost
HALF = dict(zip("!,:;?()#", "！，：；？（）＃", strict=True))  # marks that have lost their width
AROUND = 20_000  # characters on each side whose words settle what a lost byte was
_LONGEST = 48  # characters


def pair(lead: int, trail: int) -> str:
    """The character that two bytes are in GBK, or "" where they are none."""
    if lead < 0x81:
        return ""
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""


def pairs_from(first: str, text: str, begin: int) -> tuple[list[bytes], int, bytes]:
    """The bytes of the characters from `begin` on, where they end, and the last byte of the run.

    `first` stands for the first of them. The last byte is one in ASCII with which the bytes are
    in step again, or none.
    """
    pairs: list[bytes] = []
    end = begin
    for character in first + text[begin + 1 : begin + _LONGEST] if first else "":
        encoded = character.encode("gb18030", "ignore")
        if len(encoded) != 2:
            if len(encoded) == 1 and 0x40 <= encoded[0] < 0x7F:
                return pairs, end + 1, encoded
            break
        pairs.append(encoded)
        end += 1
    return pairs, end, b""


def swallowed(text: str, end: int) -> tuple[int, str]:
    """Where a run ends whose last byte has a sign at `end`, and what that stands for besides.

    总人口[?]76人: with the byte it took a digit.
    """
    if text[end : end + 1] not in (*SIGNS,):
        return end, ""
    return end + 1, MARK if text[end + 1 : end + 2].isdigit() else ""
