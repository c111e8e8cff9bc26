"""Where the sums are made."""

from __future__ import annotations

import torch

from codesim.errors import DetectorUnavailable


def require_device(name: str) -> None:
    """Raise DetectorUnavailable for a device that PyTorch does not know or cannot use here."""
    try:
        torch.zeros(1, device=name).sum().item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        # PyTorch ends such a sentence with every kind of device that any machine could have.
        said = str(error).partition("\n")[0]
        unknown = said.startswith("Expected one of ")
        reason = "no such kind of device" if unknown else said[:200].removesuffix(".")
        raise DetectorUnavailable(
            f"PyTorch cannot compute on {name!r} here: {reason}. Leave the device out, or use cpu."
        ) from None
