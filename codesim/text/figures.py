"""Figures as people read them: one rule, so that no two places give two figures for one thing."""

from __future__ import annotations


def percent(share: float) -> str:
    """``97 %``. Only 1 reads 100 %, and only 0 reads 0 %."""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return "99 %"
    return f"{share * 100:.0f} %"
