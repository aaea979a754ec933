"""Small PDFs made in memory: text, lines and boxes placed by hand, and broken or hostile files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream


def escape(text: str) -> bytes:
    return text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def text(x: float, y: float, content: str, size: float = 10, font: str = "F1", matrix: str = "1 0 0 1", mode: int = 0) -> bytes:
    """Show `content` with its baseline at (x, y), y upwards from the bottom left."""
    return b"BT /%s %g Tf %d Tr %s %g %g Tm (%s) Tj ET\n" % (font.encode(), size, mode, matrix.encode(), x, y, escape(content))


def line(x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> bytes:
    return b"%g w %g %g m %g %g l S\n" % (width, x0, y0, x1, y1)


def fill(x: float, y: float, wide: float, high: float, grey: float = 0.0) -> bytes:
    return b"%g g %g %g %g %g re f 0 g\n" % (grey, x, y, wide, high)


def lattice(xs: Sequence[float], ys: Sequence[float]) -> bytes:
    """A full grid of stroked lines."""
    return b"".join(line(xs[0], y, xs[-1], y) for y in ys) + b"".join(line(x, ys[0], x, ys[-1]) for x in xs)


def cells(xs: Sequence[float], ys: Sequence[float], rows: Iterable[Sequence[str]], size: float = 10) -> bytes:
    """Text in the cells of a grid whose `ys` descend."""
    out = b""
    for top, row in zip(ys, rows, strict=False):
        for left, content in zip(xs, row, strict=False):
            if content:
                out += text(left + 3, top - 4 - 0.75 * size, content, size)
    return out


def document(*contents: bytes, size: tuple[float, float] = (595, 842), rotate: int = 0, forms: dict[str, bytes] | None = None) -> bytes:
    """One page for each content stream, with Helvetica as F1 and its bold as F2."""
    pdf = Pdf.new()
    fonts = Dictionary(
        F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding),
        F2=Dictionary(Type=Name.Font, Subtype=Name("/Type1"), BaseFont=Name("/Helvetica-Bold"), Encoding=Name.WinAnsiEncoding),
    )
    resources = Dictionary(Font=fonts)
    if forms:
        resources.XObject = Dictionary()
        for name, content in forms.items():
            stream = Stream(pdf, content)
            stream.update(
                Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 2000, 2000]), Resources=Dictionary(Font=fonts))
            )
            resources.XObject["/" + name] = pdf.make_indirect(stream)
    for content in contents:
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *size]), Resources=resources, Contents=Stream(pdf, content), Rotate=rotate)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return saved(pdf)


def saved(pdf: Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def encrypted(content: bytes, user: str, owner: str) -> bytes:
    with Pdf.open(io.BytesIO(content)) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(user=user, owner=owner))


def self_referencing_form() -> bytes:
    """A form that draws itself."""
    with Pdf.open(io.BytesIO(document(text(50, 700, "Sebelum") + b"/Loop Do\n", forms={"Loop": b"/Loop Do\n"}))) as pdf:
        resources = pdf.pages[0].Resources
        resources.XObject.Loop.Resources = Dictionary(XObject=Dictionary(Loop=resources.XObject.Loop))
        return saved(pdf)


def with_image(content: bytes) -> bytes:
    """The document with a grey image as Im1 among its resources."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        image = Stream(pdf, bytes([200]) * 100)
        image.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10, ColorSpace=Name.DeviceGray, BitsPerComponent=8))
        pdf.pages[0].Resources.XObject = Dictionary(Im1=pdf.make_indirect(image))
        return saved(pdf)


def private_letters(content: bytes) -> bytes:
    """The document with F1's A and B mapped into Unicode's private use area."""
    return mapped_letters(content, A="E041", B="E042")


def without_meaning(content: bytes) -> bytes:
    """The document with F1 as a font of the file's own codes, with neither names nor a table for its letters (a broken subset)."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        names = Array([0, *(Name(f"/glyph{code}") for code in range(256))])
        pdf.pages[0].Resources.Font.F1.Encoding = Dictionary(Type=Name.Encoding, Differences=names)
        return saved(pdf)


def mapped_letters(content: bytes, **codes: str) -> bytes:
    """The document with letters of F1 mapped to other text, given in hex as UTF-16."""
    pairs = b" ".join(b"<%02X> <%s>" % (ord(letter), text.encode()) for letter, text in codes.items())
    mapping = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange "
        b"%d beginbfchar %s endbfchar endcmap end end" % (len(codes), pairs)
    )
    with Pdf.open(io.BytesIO(content)) as pdf:
        pdf.pages[0].Resources.Font.F1.ToUnicode = Stream(pdf, mapping)
        return saved(pdf)


def drawn_font(content: bytes) -> bytes:
    """The document with a font F3 of drawn letters (Type 3) on a grid of its own: size 1 means one point of the page."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        letter = pdf.make_indirect(Stream(pdf, b"6 0 0 0 5 7 d1 0 0 5 7 re f"))
        names = [Name(f"/a{code}") for code in range(32, 127)]
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name("/Type3"),
            FontBBox=Array([0, 0, 6, 7]),
            FontMatrix=Array([1, 0, 0, 1, 0, 0]),
            FirstChar=32,
            LastChar=126,
            Widths=Array([6] * 95),
            CharProcs=Dictionary({str(name): letter for name in names}),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([32, *names])),
        )
        codes = b" ".join(b"<%02X> <%04X>" % (code, code) for code in range(32, 127))
        font.ToUnicode = Stream(
            pdf,
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <FF> "
            b"endcodespacerange 95 beginbfchar %s endbfchar endcmap end end" % codes,
        )
        pdf.pages[0].Resources.Font.F3 = pdf.make_indirect(font)
        return saved(pdf)
