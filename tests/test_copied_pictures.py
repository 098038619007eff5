"""Copies of pictures: what cannot be seen in a picture is not in its copy either."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from sources.copies.__main__ import copied
from sources.copies.findings import in_words
from sources.copies.pictures import pixels_of
from tests import telling_files as files


def opened(content: bytes) -> Any:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def found_in(content: bytes, media_type: str) -> list[str]:
    return in_words(copied(content, media_type)[2]).splitlines()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "GIF"])
@pytest.mark.parametrize("mode", ["LA", "PA", "P", "RGBA", "RGBa"])
def test_nothing_is_under_what_is_transparent_whatever_the_sort_of_colour(mode: str, kind: str) -> None:
    """The square on the left cannot be seen; the rest can."""
    picture = files.corner("RGBA")
    picture.paste((255, 255, 255, 0), (0, 0, 32, 32))
    options: dict[str, Any] = {}
    if mode == "P":  # the first colour cannot be seen, and is white
        picture = Image.new("P", (96, 64), 1)
        picture.putpalette([255, 255, 255, 200, 30, 30])
        picture.paste(0, (0, 0, 32, 32))
        options = {"transparency": 0}
    elif mode == "PA":
        picture = Image.merge("PA", (Image.new("L", (96, 64), 200), picture.getchannel("A")))
    else:
        picture = picture.convert(mode)
    try:
        sealed = files.saved(picture, kind, **options)
    except (OSError, ValueError):
        pytest.skip(f"There is no {kind} of this sort.")
    copy = opened(copied(sealed, f"image/{kind.lower()}")[0]).convert("RGBA")
    assert copy.getpixel((8, 8))[3] in (0, 255)  # a sort of file without transparency shows what was under it
    if opened(sealed).convert("RGBA").getpixel((8, 8))[3] == 0:
        assert copy.getpixel((8, 8)) == (0, 0, 0, 0)
        assert copy.getpixel((80, 50))[3] == 255


def test_what_is_transparent_in_a_telephones_own_format_is_black_in_the_copy() -> None:
    """Its copy is a JPEG, in which nothing is transparent."""
    picture = files.corner("RGBA")
    picture.paste((255, 255, 255, 0), (0, 0, 32, 32))
    assert pixels_of(picture, "JPEG", False).getpixel((8, 8)) == (0, 0, 0)


def scan(*kinds: dict[int, int]) -> bytes:
    """Return a TIFF of pages of these kinds, each 10 points wider than the one before."""
    pages = [Image.new("RGB", (20 + 10 * number, 20), (50 * number, 0, 0)) for number in range(len(kinds))]
    for page, tags in zip(pages[1:], kinds[1:], strict=True):
        page.encoderinfo = {"tiffinfo": tags}
    return files.saved(pages[0], "TIFF", tiffinfo=kinds[0], save_all=True, append_images=pages[1:])


@pytest.mark.parametrize("tags", [{254: 1}, {255: 2}, {254: 4}], ids=["reduced", "reduced, of old", "a mask"])
def test_small_copies_of_a_scan_that_are_no_pages_stay_behind_and_are_named(tags: dict[int, int]) -> None:
    sealed = scan({}, tags, {254: 2})
    copy = opened(copied(sealed, "image/tiff")[0])
    assert copy.n_frames == 2
    copy.seek(1)
    assert copy.width == 40
    assert "left out: 1 reduced pictures or masks, which are no pages" in found_in(sealed, "image/tiff")


def test_a_scan_of_several_pages_has_no_thumbnail_for_that() -> None:
    assert found_in(scan({}, {}), "image/tiff") == ["pictures: 2 in one file"]


def test_pictures_inside_a_page_of_a_scan_are_named() -> None:
    inner = TiffImagePlugin.ImageFileDirectory_v2()
    inner[330] = 8
    inner.tagtype[330] = 4
    sealed = files.saved(files.corner(), "TIFF", tiffinfo=inner)
    assert "left out: further pictures inside of a page" in found_in(sealed, "image/tiff")


def test_the_picture_that_a_moving_one_never_shows_stays_behind() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    sealed = files.saved(
        frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True, duration=[100, 200]
    )
    copy = opened(copied(sealed, "image/png")[0])
    shown = []
    for number in range(copy.n_frames):
        copy.seek(number)
        shown.append((copy.convert("RGB").getpixel((1, 1)), copy.info["duration"]))
    assert shown == [((0, 128, 0), 100), ((0, 0, 255), 200)]
    assert "left out: the picture that is shown where nothing moves" in found_in(sealed, "image/png")


def test_a_film_behind_a_photograph_is_named() -> None:
    film = struct.pack(">I", 24) + b"ftypmp42" + bytes(4000)
    assert "film: recorded with the photograph, in the same file" in found_in(files.photo_jpeg() + film, "image/jpeg")
    plain = files.saved(files.corner(), "JPEG")
    assert found_in(plain, "image/jpeg") == []
    assert found_in(plain + bytes(4000), "image/jpeg") == ["behind the picture: 4000 bytes"]


def test_no_name_of_a_text_makes_a_line_of_its_own_or_one_without_end() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("Key\nplace: 1.0, 1.0", "a\x1b[31mb")
    lines = found_in(files.saved(files.corner(), "PNG", pnginfo=texts), "image/png")
    assert lines == ["key place: 1.0, 1.0: a [31mb"]
    assert len(in_words(copied(files.saved(files.corner(), "PNG", pnginfo=texts), "image/png")[2])) < 300
