"""Pictures: what is written in them beside the picture, and a copy made from their pixels alone.

Nothing is taken out of the old file: the copy is a new one, into which pixels go and nothing else. A writer that is
given an opened picture takes over its EXIF, XMP or comments, each format in a way of its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pi_heif
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, ImageSequence, IptcImagePlugin

from sources.copies.findings import Found, NoCopy, found_in_xmp
from sources.copies.jpeg import behind_the_end

#: The readers of Pillow that may open a file, by its media type. A telephone's JPEG with a second picture is an MPO.
READERS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/tiff": ("TIFF",),
    "image/heic": ("HEIF",),
}
#: How a copy is written. What no browser shows becomes a JPEG.
WRITERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "image/jpeg": ("image/jpeg", "JPEG", {"quality": 92, "optimize": True}),
    "image/heic": ("image/jpeg", "JPEG", {"quality": 92, "optimize": True}),
    "image/png": ("image/png", "PNG", {}),
    "image/gif": ("image/gif", "GIF", {}),
    "image/webp": ("image/webp", "WEBP", {"quality": 92}),
    "image/tiff": ("image/tiff", "TIFF", {"compression": "tiff_adobe_deflate"}),
}
#: Of these, a copy has all pictures: pages of a scan, and what moves. Of others the first, which is what people see.
MANY = ("image/tiff", "image/gif", "image/webp", "image/png")
#: A photograph of the largest telephones has 200 million pixels; one of a forger has more than fit into memory.
MOST_PIXELS, MOST_PICTURES = 220_000_000, 300
#: The modes that formats without further ado can hold.
KEPT_MODES = {"JPEG": ("L", "RGB"), "WEBP": ("RGB", "RGBA"), "GIF": ("RGB", "RGBA")}
#: Fields of EXIF that are texts, written as bytes; other bytes describe the picture.
TEXTS = ("UserComment", "XPTitle", "XPComment", "XPKeywords", "XPSubject")
PLAIN_MODES = ("1", "L", "RGB", "RGBA", "I;16", "I", "F")
#: Sorts of colour that say how much of a point is seen; those that are multiplied by it are turned into others first.
SEEN_IN_PART, MULTIPLIED = ("LA", "PA", "RGBA"), {"La": "LA", "RGBa": "RGBA"}
#: Tags of TIFF (6.0, section 8): what sort of a page one is, and the same of old; bits and numbers that mean no page.
SORT, SORT_OF_OLD, REDUCED, MASK, REDUCED_OF_OLD = 254, 255, 1, 4, 2
INSIDE = 330
#: How films begin that telephones hang behind a photograph, or write into its file.
FILM = re.compile(rb"ftyp(?:mp4|isom|iso\d|qt  |MSNV|avc1|3gp)")

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses twice as many


def copy_picture(content: bytes, media_type: str, *, upright: bool = True) -> tuple[bytes, str, list[Found]]:
    """Return a copy of a picture without metadata, its media type, and what was found.

    It is turned `upright`, as its EXIF says, or stays as its pixels lie, for what shows it without asking EXIF. Raises
    NoCopy where the picture is too large, and errors of many kinds where it is damaged.
    """
    try:
        with Image.open(io.BytesIO(content), formats=READERS[media_type]) as picture:
            found = [*found_in_picture(picture), *found_beside(content, media_type)]
            pictures = pictures_of(picture, media_type, upright)
            return write(pictures, media_type), WRITERS[media_type][0], found
    except Image.DecompressionBombError as error:
        raise NoCopy(f"It has more than {MOST_PIXELS // 1_000_000} million pixels.") from error


def pictures_of(picture: Image.Image, media_type: str, upright: bool) -> list[tuple[Image.Image, int]]:
    """Return the pictures of a file as pixels, each with the milliseconds for which it is shown."""
    number = getattr(picture, "n_frames", 1) if media_type in MANY else 1
    if number > MOST_PICTURES or number * picture.width * picture.height > 4 * MOST_PIXELS:
        raise NoCopy(f"It has {number} pictures of {picture.width} x {picture.height} pixels, more than are copied.")
    name = WRITERS[media_type][1]
    if number == 1:
        return [(pixels_of(picture, name, upright), 0)]
    shown = [
        (pixels_of(frame, name, upright), int(frame.info.get("duration", 0)))
        for index, frame in enumerate(ImageSequence.Iterator(picture))
        if not is_left_out(frame, index)
    ]
    if not shown:
        raise NoCopy("It has no page, but only reduced pictures.")
    return shown


def is_left_out(frame: Any, index: int) -> bool:
    """Whether a picture of a file is no page of it: a small copy, a mask, or what is shown where nothing moves."""
    if frame.format == "TIFF":
        sort, of_old = frame.tag_v2.get(SORT, 0), frame.tag_v2.get(SORT_OF_OLD, 0)
        return bool(sort & (REDUCED | MASK)) or of_old == REDUCED_OF_OLD
    return index == 0 and getattr(frame, "default_image", False)


def pixels_of(picture: Image.Image, name: str, upright: bool) -> Image.Image:
    """Return a picture in colours of sRGB that holds its pixels and nothing else."""
    pixels = in_srgb(ImageOps.exif_transpose(picture) if upright else picture)
    pixels = pixels.convert(MULTIPLIED.get(pixels.mode, pixels.mode))
    if pixels.mode in SEEN_IN_PART or (pixels.mode == "P" and pixels.has_transparency_data):
        pixels = without_what_is_transparent(pixels.convert("RGBA"))
    kept = KEPT_MODES.get(name, PLAIN_MODES)
    if pixels.mode not in kept:
        pixels = pixels.convert("RGB")
    return Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())


def in_srgb(picture: Image.Image) -> Image.Image:
    """Turn colours into those of sRGB: a profile names screens and scanners, and does not go along."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:  # a profile of another kind than the picture: the colours stay as they are
        return picture
    if turned is None:
        return picture
    if alpha is not None:
        turned.putalpha(alpha)
    return turned


def without_what_is_transparent(picture: Image.Image) -> Image.Image:
    """Blacken pixels that cannot be seen: a picture cut out of another often still holds the rest of it."""
    seen = picture.getchannel("A").point(lambda alpha: 255 if alpha else 0)
    return Image.composite(picture, Image.new("RGBA", picture.size, (0, 0, 0, 0)), seen)


def write(pictures: list[tuple[Image.Image, int]], media_type: str) -> bytes:
    _, name, options = WRITERS[media_type]
    out, (first, _), more = io.BytesIO(), pictures[0], [each for each, _ in pictures[1:]]
    if more:
        options = {**options, "save_all": True, "append_images": more}
        if name != "TIFF":
            options |= {"duration": [shown for _, shown in pictures], "loop": 0}
    first.save(out, name, **options)
    return out.getvalue()


def found_in_picture(picture: Image.Image) -> Iterator[Found]:
    """Yield what a picture says beside its pixels: EXIF, XMP, IPTC, comments, further pictures."""
    exif = picture.getexif()
    yield from found_in_exif(exif)
    yield from found_in_iptc(picture)
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    if xmp:
        yield from found_in_xmp(xmp.encode() if isinstance(xmp, str) else xmp)
    comment = picture.info.get("comment")
    if comment:
        yield Found("comment", as_text(comment))
    for name, text in getattr(picture, "text", {}).items():
        if not name.startswith("XML:"):
            yield Found(name.lower(), str(text))
    # Of a TIFF, what EXIF calls so is its next page.
    if picture.format != "TIFF" and exif.get_ifd(ExifTags.IFD.IFD1):
        yield Found("thumbnail", "a small copy of the picture as it once was")
    number = getattr(picture, "n_frames", 1)
    if number > 1:
        yield Found("pictures", f"{number} in one file")
    yield from found_left_out(picture, number)


def found_left_out(picture: Any, number: int) -> Iterator[Found]:
    """Yield which pictures of a file are no pages of it, and are not copied."""
    if getattr(picture, "default_image", False):
        yield Found("left out", "the picture that is shown where nothing moves")
    if picture.format != "TIFF":
        return
    reduced, inside = 0, False
    for index in range(min(number, MOST_PICTURES)):
        picture.seek(index)
        reduced += is_left_out(picture, index)
        inside |= INSIDE in picture.tag_v2
    picture.seek(0)
    if reduced:
        yield Found("left out", f"{reduced} reduced pictures or masks, which are no pages")
    if inside:
        yield Found("left out", "further pictures inside of a page")


def found_beside(content: bytes, media_type: str) -> Iterator[Found]:
    """Yield what hangs behind a photograph or is written into its file, as telephones do."""
    if FILM.search(content, 16):
        yield Found("film", "recorded with the photograph, in the same file")
    elif media_type == "image/jpeg" and (behind := behind_the_end(content)):
        yield Found("behind the picture", f"{behind} bytes")


def found_in_exif(exif: Image.Exif) -> Iterator[Found]:
    """Yield place, moment, device and author, then every other text of the EXIF (CIPA DC-008)."""
    yield from found_place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    fields = {ExifTags.TAGS.get(tag, str(tag)): value for tag, value in exif.items()}
    fields |= {ExifTags.TAGS.get(tag, str(tag)): value for tag, value in exif.get_ifd(ExifTags.IFD.Exif).items()}
    device = " ".join(as_text(fields[name]) for name in ("Make", "Model") if fields.get(name))
    yield Found("device", device)
    for what, names in (
        ("taken", ("DateTimeOriginal", "DateTimeDigitized", "DateTime")),
        ("device", ("HostComputer", "BodySerialNumber", "LensModel", "LensSerialNumber")),
        ("author", ("Artist", "CameraOwnerName", "XPAuthor", "Copyright")),
    ):
        yield from (Found(what, as_text(fields.pop(name))) for name in names if name in fields)
    if "MakerNote" in fields:
        yield Found("maker's notes", f"{len(fields['MakerNote'])} bytes")
    for name, value in fields.items():
        if name not in ("Make", "Model") and (isinstance(value, str) or name in TEXTS):
            yield Found(name, as_text(value))


def found_place(gps: dict[int, Any]) -> Iterator[Found]:
    """Yield where a picture was taken, in degrees (WGS 84), north and east counted upwards."""
    try:
        latitude = degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N") == "S")
        longitude = degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E") == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        if gps:
            yield Found("place", "position data that cannot be read")
        return
    yield Found("place", f"{latitude:.5f}, {longitude:.5f}")


def degrees(parts: Any, is_negative: bool) -> float:
    whole, minutes, seconds = (float(part) for part in parts)
    return (-1 if is_negative else 1) * (whole + minutes / 60 + seconds / 3600)


#: The fields of IPTC (IIM 4.2, record 2) that tell of people and places.
IPTC = {5: "title", 25: "keywords", 80: "author", 85: "author", 90: "place", 92: "place", 95: "place", 101: "place"}


def found_in_iptc(picture: Image.Image) -> Iterator[Found]:
    if not isinstance(picture, ImageFile.ImageFile) or picture.format not in ("JPEG", "MPO", "TIFF"):
        return
    for (record, field), value in (IptcImagePlugin.getiptcinfo(picture) or {}).items():
        if record == 2 and field:
            for each in value if isinstance(value, list) else [value]:
                yield Found(IPTC.get(field, f"IPTC 2:{field:02}"), as_text(each))


def as_text(value: Any) -> str:
    """Return a value as text. Windows writes its own fields as UTF-16, everybody else as something like UTF-8."""
    if not isinstance(value, bytes):
        return str(value)
    if value[1:2] == b"\0":
        return value.decode("utf-16-le", "replace").strip("\0")
    for prefix in (b"ASCII\0\0\0", b"UNICODE\0"):
        value = value.removeprefix(prefix)
    return value.decode("utf-8", "replace").strip("\0")
