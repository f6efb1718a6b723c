"""Small pictures, made here."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """A PNG of one colour."""
    rows = b"".join(b"\0" + b"\x0f\x5c\x55" * width for _ in range(height))
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),
        b"IDAT": zlib.compress(rows),
        b"IEND": b"",
    }
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def gif(width: int, height: int) -> bytes:
    """As far as a reader needs for the size."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + b";"


def jpeg(width: int, height: int, *, frame: int = 0xC0) -> bytes:
    """The segments that cameras and programs write before the frame header, and that."""
    before = segment(0xE0, b"JFIF\0" + bytes(9)) + segment(0xE1, b"Exif\0\0\xff\xc0" + bytes(40)) + b"\xff"
    tables = segment(0xDB, bytes(65)) + segment(0xC4, bytes(20))
    header = segment(frame, struct.pack(">BHHB", 8, height, width, 3) + bytes(9))
    return b"\xff\xd8" + before + tables + header + b"\xff\xd9"


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
