"""Pure algorithms on sequences and sets. They know no file, no Python and no report."""

from codesim.sequences.assign import assign
from codesim.sequences.segments import Segment, maximal_segments
from codesim.sequences.tiling import Tile, tiles
from codesim.sequences.winnow import kgrams, winnow

__all__ = ["Segment", "Tile", "assign", "kgrams", "maximal_segments", "tiles", "winnow"]
