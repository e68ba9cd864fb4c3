"""Where the shared reference cases lie; tests that need them skip, with a reason, where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def shared_path(relative: str) -> Path:
    """Return the path of a shared file or folder, or skip the calling test.

    The folder stands beside the checkout, or where ``ASSAY_SHARED`` says.
    """
    path = Path(os.environ.get("ASSAY_SHARED", CHECKOUT.parent / "shared")) / relative
    if not path.exists():
        reason = f"the shared reference cases ({relative}) are not beside this checkout"
        pytest.skip(reason, allow_module_level=True)
    return path
