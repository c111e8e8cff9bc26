"""Readers of model file formats: what a file says about its tensors, without reading values.

Every reader is bounded, executes nothing, and either gives records or raises ``FormatError``.
"""

from codesim.formats.errors import FormatError
from codesim.formats.gguf import Gguf, read_gguf
from codesim.formats.index import TensorIndex, read_index
from codesim.formats.lfs import LONGEST_POINTER, LfsPointer, is_lfs_pointer, read_lfs_pointer
from codesim.formats.names import data_folder, is_weights_name
from codesim.formats.pytorch import PytorchFile, read_pytorch
from codesim.formats.safetensors import DTYPE_BITS, Safetensors, read_safetensors
from codesim.formats.source import ByteSource, source_of
from codesim.formats.tensor import TensorRecord, product

__all__ = [
    "DTYPE_BITS",
    "LONGEST_POINTER",
    "ByteSource",
    "FormatError",
    "Gguf",
    "LfsPointer",
    "PytorchFile",
    "Safetensors",
    "TensorIndex",
    "TensorRecord",
    "data_folder",
    "is_lfs_pointer",
    "is_weights_name",
    "product",
    "read_gguf",
    "read_index",
    "read_lfs_pointer",
    "read_pytorch",
    "read_safetensors",
    "source_of",
]
