"""One spelling for each number."""

from __future__ import annotations


def plain(text: str) -> str:
    """``1e-5`` and ``0.00001`` alike; what cannot be read stays as it is."""
    bare = text.replace("_", "").replace(" ", "")
    try:
        if len(bare) < 40 and not bare.lower().endswith(("l", "j")):
            if bare.lower().lstrip("-").startswith(("0x", "0o", "0b")):
                return str(int(bare, 0))
            return f"{float(bare):.12g}"
    except (ValueError, OverflowError):
        pass
    return bare[:40]
