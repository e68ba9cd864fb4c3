"""Draw ``frontend/public/cover.png``, which stands beside a link to Assay: a penalty and the loss that touches it.

Run it from the root after ``make frontend``, when the picture is to change: ``.venv/bin/python scripts/cover.py``.
"""

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
from browser import executable
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FONT = next(
    (ROOT / "frontend/node_modules/@fontsource-variable/schibsted-grotesk/files").glob("*latin-wght-normal*")
)
WIDTH, HEIGHT = 1200, 630
RADIUS = 62.0
CENTER = np.array([44.0, 108.0])
CURVATURE = np.array([[0.62, -0.22], [-0.22, 1.0]])
"""The loss of the app's first page: its lowest point, and the matrix of its quadratic."""
SHARES = (0.06, 0.24, 0.54, 1.0)

PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: Grotesk; src: url("{font}"); font-weight: 400 900 }}
body {{ margin: 0; width: 1200px; height: 630px; background: #0b3640; color: #eef6f6; font-family: Grotesk }}
h1 {{ position: absolute; left: 84px; top: 186px; width: 540px; margin: 0 }}
h1 {{ font: 640 84px/0.98 Grotesk; letter-spacing: -3px }}
p {{ position: absolute; left: 88px; top: 78px; margin: 0; font: 700 38px/1 Grotesk; letter-spacing: -1px }}
small {{ position: absolute; left: 88px; top: 500px; color: #a9c8cd; font: 400 28px/1 Grotesk }}
svg {{ position: absolute; right: 40px; top: 14px; height: 602px }}
path {{ fill: none; stroke: #2d6370; stroke-width: 1 }}
.ring {{ stroke: #6f98a0; stroke-width: 0.8 }}
.tangent {{ stroke: #eef6f6; stroke-width: 1.4 }}
.ghost {{ stroke: #6f98a0; stroke-width: 0.9; stroke-dasharray: 2 3 }}
.ball {{ fill: #4a3a2b; stroke: #f09a55; stroke-width: 2 }}
.touch {{ fill: #f09a55; stroke: #0b3640; stroke-width: 2 }}
</style><p>Assay</p><h1>See why, then do it by hand.</h1><small>Every mark explained.</small>
<svg viewBox="-96 -190 252 272"><path d="M-90 0H148M0 76V-186" /><g transform="scale(1 -1)">{shapes}</g></svg>"""


def ball(p: float) -> np.ndarray:
    """Return the edge of the ball of the norm ``p``, points in rows."""
    angle = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray(RADIUS * np.sign(circle) * np.abs(circle) ** (2 / p))


def level_line(level: float) -> np.ndarray:
    """Return points at which the loss has the value ``level``: the unit circle through the root of the inverse."""
    values, vectors = np.linalg.eigh(CURVATURE)
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray(CENTER + np.sqrt(level) * circle @ (vectors / np.sqrt(values)).T)


def drawing() -> str:
    edge = ball(1)
    losses = np.einsum("ni,ij,nj->n", edge - CENTER, CURVATURE, edge - CENTER)
    x, y = edge[losses.argmin()]
    rings = [_path(level_line(share * losses.min()), "tangent" if share == 1 else "ring") for share in SHARES]
    parts = [*rings, _path(ball(2), "ghost"), _path(edge, "ball")]
    return "".join([*parts, f'<circle class="touch" cx="{x:.2f}" cy="{y:.2f}" r="5" />'])


def _path(points: np.ndarray, name: str) -> str:
    return f'<path class="{name}" d="M{"L".join(f"{x:.2f} {y:.2f}" for x, y in points)}Z" />'


READ_PIXELS = """async (png) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const sheet = new OffscreenCanvas(image.width, image.height).getContext("2d");
  sheet.drawImage(image, 0, 0);
  return Array.from(sheet.getImageData(0, 0, image.width, image.height).data);
}"""


def palette_png(pixels: np.ndarray) -> bytes:
    """Return the picture (rows, columns, RGB) as a PNG of its 256 commonest colors, the rest set to the nearest."""
    colors, places, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    kept = colors[np.argsort(-counts, kind="stable")[:256]]
    apart = np.linalg.norm(colors[:, np.newaxis].astype(int) - kept[np.newaxis].astype(int), axis=2)
    rows = apart.argmin(axis=1).astype(np.uint8)[places].reshape(pixels.shape[:2])
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 3, 0, 0, 0)
    data = zlib.compress(np.insert(rows, 0, 0, axis=1).tobytes(), 9)
    chunks = [(b"IHDR", header), (b"PLTE", kept.tobytes()), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def main() -> None:
    target = ROOT / "frontend" / "public" / "cover.png"
    source = ROOT / "var" / "cover.html"
    source.parent.mkdir(exist_ok=True)
    source.write_text(PAGE.format(font=FONT.as_uri(), shapes=drawing()))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(source.as_uri(), wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => true)")
        taken = base64.b64encode(page.screenshot()).decode()
        pixels = np.array(page.evaluate(READ_PIXELS, taken), dtype=np.uint8).reshape(HEIGHT, WIDTH, 4)
        target.write_bytes(palette_png(pixels[:, :, :3]))
        browser.close()


if __name__ == "__main__":
    main()
