"""Writes this folder by Pillow: pictures of every colour space that people have in their folders, and expected.json,
what Pillow, and so torchvision's ImageFolder, makes of each: Image.open(file).convert("RGB").

python make.py (with pillow and numpy)"""
import io, json, os
import numpy as np
import PIL
from PIL import Image, ImageCms

here = os.path.dirname(os.path.abspath(__file__))
SIDE = 24
# Nine even fields, edges on the blocks of a JPEG: what differs is the colour space alone.
field = np.kron(np.arange(9).reshape(3, 3), np.ones((8, 8), int))
rng = np.random.default_rng(3)


def fields(bands, dtype=np.uint8, top=256):
    return rng.integers(0, top, (9, bands))[field].astype(dtype)


def save(name, picture, **options):
    picture.save(os.path.join(here, name), **options)


def rewrite(name, source, change):
    with open(os.path.join(here, source), "rb") as file:
        data = change(file.read())
    with open(os.path.join(here, name), "wb") as file:
        file.write(data)


def without_adobe(data):
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def as_ycck(data):
    at = data.index(b"Adobe") + 11
    return data[:at] + b"\x02" + data[at + 1 :]


rgb = Image.fromarray(fields(3), "RGB")
cmyk = Image.fromarray(fields(4), "CMYK")
save("rgb.jpg", rgb, quality=98, subsampling=0)
save("grey.jpg", Image.fromarray(fields(1)[..., 0], "L"), quality=98)
save("cmyk.jpg", cmyk, quality=100)
rewrite("cmyk-no-adobe.jpg", "cmyk.jpg", without_adobe)
rewrite("ycck.jpg", "cmyk.jpg", as_ycck)
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
save("profile.jpg", rgb, quality=98, subsampling=0, icc_profile=wide)
save("profile.png", rgb, icc_profile=profile)
exif = Image.Exif()
exif[0x0112] = 6  # to be turned by a quarter: torchvision does not
save("orientation.jpg", rgb, quality=98, subsampling=0, exif=exif)
rgba = fields(4)
rgba[:8, :, 3] = 0
rgba[8:16, :, 3] = 255
save("rgba.png", Image.fromarray(rgba, "RGBA"))
save("rgba.webp", Image.fromarray(rgba, "RGBA"), lossless=True, exact=True)
save("grey-alpha.png", Image.fromarray(rgba[..., [0, 3]], "LA"))
palette = Image.fromarray(field.astype(np.uint8), "P")
palette.putpalette(rng.integers(0, 256, 27).astype(np.uint8).tobytes())
save("palette.png", palette)
save("palette-transparent.png", palette, transparency=bytes([0, 128, 255, 0, 1, 2, 3, 0, 200]))
save("colour-key.png", rgb, transparency=rgb.getpixel((0, 0)))
save("bilevel.png", Image.fromarray(field % 2 == 0))
grey16 = fields(1, np.uint16, 65536)[..., 0]
save("grey16.png", Image.fromarray(grey16))


def png16(name, values):
    """A PNG of 16 bits a colour, which Pillow reads and does not write."""
    import struct, zlib

    height, width, bands = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[bands], 0, 0, 0)
    with open(os.path.join(here, name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


png16("rgb16.png", fields(3, np.uint16, 65536))
deep = fields(4, np.uint16, 65536)
deep[:8, :, 3] = 0
png16("rgba16.png", deep)
save("rgb.tif", rgb)
save("cmyk.tif", cmyk)
save("lzw.tiff", Image.fromarray(rgba, "RGBA"), compression="tiff_lzw")

expected = {"pillow": PIL.__version__, "side": SIDE, "fields": {}}
for name in sorted(os.listdir(here)):
    if name.endswith((".py", ".json")):
        continue
    picture = np.asarray(Image.open(os.path.join(here, name)).convert("RGB"))
    assert picture.shape == (SIDE, SIDE, 3), name
    if name == "grey16.png":  # Pillow clips all of it to 255: the high byte is what a picture of 8 bits would have.
        assert (picture == 255).all()
        picture = np.repeat((grey16 >> 8)[..., None], 3, axis=2)
    expected["fields"][name] = [picture[y, x].tolist() for y in (4, 12, 20) for x in (4, 12, 20)]
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump(expected, file)
