"""Bytes in the charset that they show, that they name, or that comes nearest."""

from __future__ import annotations

import pytest

from mailflow.parsing.decoding import decode_charset, decode_words

GERMAN = "Grüße an Jürgen – für „Nein“"


@pytest.mark.parametrize(
    ("body", "label", "text"),
    [
        (GERMAN.encode(), "utf-8", GERMAN),
        (GERMAN.encode(), "iso-8859-1", GERMAN),
        (GERMAN.encode(), "windows-1250", GERMAN),
        (GERMAN.encode("cp1252"), "utf-8", GERMAN),
        (GERMAN.encode("cp1252"), "", GERMAN),
        (GERMAN.encode("utf-16"), "us-ascii", GERMAN),
        (GERMAN.encode("utf-8-sig"), "windows-1252", GERMAN),
        (b"plain", "utf-16", "plain"),
        ("schönes Geschenk für 5 €".encode("iso-8859-15"), "ISO-8859-15", "schönes Geschenk für 5 €"),
        # Two characters of windows-1252 that could be one of UTF-8.
        ("Gruß…".encode("cp1252"), "windows-1252", "Gruß…"),
        ("CAFÉ™".encode("cp1252"), "iso-8859-1", "CAFÉ™"),
        # 'ÁªÍ¨' in windows-1252, and valid UTF-8 too.
        ("联通".encode("gbk"), "gb2312", "联通"),
        ("①㈱".encode("cp932"), "shift_jis", "①㈱"),
        ("ｱｲｳ".encode("iso2022_jp_ext"), "iso-2022-jp", "ｱｲｳ"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("İstanbul".encode("cp1254"), "iso-8859-9", "İstanbul"),
    ],
)
def test_text_is_read_whole_whatever_its_label_says(body: bytes, label: str, text: str) -> None:
    assert decode_charset(body, label) == (text, False)


@pytest.mark.parametrize(
    ("body", "label", "text"),
    [
        (b"Gr\xc3\xbc\xc3\x9fe an J\xc3rgen", "utf-8", "Grüße an J\ufffdrgen"),
        (b"Gr\xc3\xbc\xc3\x9fe an J\xc3rgen", "", "Grüße an J\ufffdrgen"),
        ("Grüße an 佐藤さん".encode("gb18030")[:-1], "gb18030", "Grüße an 佐藤さ\ufffd"),
        ("Hi".encode("utf-16") + b"!", "utf-16", "Hi\ufffd"),
        ("Grüße".encode("cp1252"), "x-unknown", "Grüße"),
    ],
)
def test_loss_is_told_and_what_stands_around_it_is_kept(body: bytes, label: str, text: str) -> None:
    assert decode_charset(body, label) == (text, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?J=C3?= =?UTF-8?q?=BCrgen?=", "Jürgen"),
        ("=?utf-8?B?SsM=?=\t=?utf-8?B?vHJnZW4=?=", "Jürgen"),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ("Re: =?iso-8859-1*de?Q?Gr=FC=DFe_an?= =?utf-8?B?U2Ft?=", "Re: Grüße anSam"),
        ("=?koi8-r*ru?B?8NLJ18XU?=", "Привет"),
        ('"=?utf-8?q?J=C3=BCrgen?=" (=?utf-8?q?Coach?=)', '"Jürgen" (Coach)'),
        ("=?utf-8?Q?not encoded at all?=", "not encoded at all"),
        ("=?utf-8?Q?Who??= knows", "Who? knows"),
        ("=?gb2312?B?xOO6ww==?= =?x?q?", "你好 =?x?q?"),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("2 =? 3", "2 =? 3"),
    ],
)
def test_encoded_words_are_read_also_in_odd_forms(value: str, text: str) -> None:
    assert decode_words(value) == text
