"""What one library lets people write in several ways: functions, methods, operators, arguments.

Tables only, from the documentation of PyTorch 2 and NumPy 2; ``idioms`` applies them. They hold
what model code calls most; a name that is missing keeps the spelling of its source.
"""

from __future__ import annotations

# Functions of two values that an operator computes as well. ``bmm`` and ``mm`` only refuse inputs
# that ``@`` would take.
OPERATORS = {
    "add": "+", "sub": "-", "subtract": "-", "mul": "*", "multiply": "*", "div": "/",
    "divide": "/", "true_divide": "/", "floor_divide": "//", "matmul": "@", "bmm": "@", "mm": "@",
    "pow": "**", "power": "**", "float_power": "**", "bitwise_and": "&", "bitwise_or": "|",
    "bitwise_xor": "^",
}  # fmt: skip
# Methods of one argument that an operator computes; ``add`` and ``sub`` may mean other things.
OPERATOR_METHODS = frozenset(("mul", "multiply", "div", "matmul", "bmm", "mm", "true_divide"))
# Powers with a name of their own: math, NumPy and PyTorch alike.
POWERS = {"sqrt": "0.5", "rsqrt": "-0.5", "square": "2", "reciprocal": "-1"}

# ``torch.f(x, ...)`` that is ``x.f(...)``. All are names that a copier cannot rename.
_TENSOR_METHODS = (
    "all allclose amax amin any argmax argmin argsort baddbmm bernoulli broadcast_to ceil chunk "
    "clamp clone cos cumprod cumsum detach diag diagonal erf exp expm1 flatten flip floor gather "
    "index_select isfinite isinf isnan log log10 log1p log2 log_softmax logsumexp masked_fill "
    "masked_scatter masked_select max mean median min movedim multinomial narrow nonzero norm "
    "numel permute prod ravel relu repeat_interleave reshape roll round scatter sigmoid sign sin "
    "softmax sort split squeeze std sum swapaxes swapdims t tanh tile topk transpose tril triu "
    "unbind unflatten unique unsqueeze var "
)
TENSOR_METHODS = frozenset(_TENSOR_METHODS.split())
# Methods under another name that compute the same values wherever both work.
SAME_METHOD = {"view": "reshape", "swapaxes": "transpose", "swapdims": "transpose"}
SAME_FUNCTION = {"torch.concat": "torch.cat", "torch.concatenate": "torch.cat"}
METHOD_OF = {"expand_dims": "unsqueeze"}
# Attributes and constants with two names.
SAME_PATH = {
    "torch.float": "torch.float32", "torch.half": "torch.float16", "torch.double": "torch.float64",
    "torch.long": "torch.int64", "torch.int": "torch.int32",
}  # fmt: skip
# ``x.to(...)`` with one of these is a method without arguments.
CASTS = {
    "torch.float32": "float", "torch.float16": "half", "torch.float64": "double",
    "torch.int64": "long", "torch.int32": "int", "torch.bfloat16": "bfloat16",
    "torch.bool": "bool",
}  # fmt: skip
DEVICES = frozenset(("cuda", "cpu"))

# Sizes may stand one by one or in one tuple.
SIZES_METHODS = frozenset(
    ("reshape", "permute", "expand", "repeat", "tile", "flip", "new_zeros", "new_ones", "new_empty")
)
SIZES_FUNCTIONS = frozenset(f"torch.{name}" for name in ("zeros", "ones", "empty", "rand", "randn"))

# Parameters that callers name or give by place; of a method those behind the value. Names that
# PyTorch borrows from NumPy count as its own.
BORROWED = {"axis": "dim", "keepdims": "keepdim", "indices": "input"}
_DIM = ("dim",)
_ALONG = "softmax log_softmax unsqueeze squeeze cumsum cumprod unbind argsort sort std var"
_REDUCING = "sum mean amax amin argmax argmin logsumexp all any prod max min median"
_NUMPY_REDUCING = "sum mean std var max min argmax argmin any all prod"
METHOD_ARGUMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_ALONG.split(), _DIM),
    **dict.fromkeys(_REDUCING.split(), ("dim", "keepdim")),
    "flatten": ("start_dim", "end_dim"), "transpose": ("dim0", "dim1"),
    "chunk": ("chunks", "dim"), "split": ("split_size", "dim"), "topk": ("k", "dim"),
    "gather": ("dim", "index"), "index_select": ("dim", "index"), "norm": ("p", "dim", "keepdim"),
    "repeat_interleave": ("repeats", "dim"), "clamp": ("min", "max"),
    "masked_fill": ("mask", "value"), "tril": ("diagonal",), "triu": ("diagonal",),
    "multinomial": ("num_samples", "replacement"), "unflatten": ("dim", "sizes"),
    "scatter": ("dim", "index", "src"), "roll": ("shifts", "dims"),
    "backward": ("gradient", "retain_graph"), "requires_grad_": ("requires_grad",),
}  # fmt: skip
_CONVOLUTION = (
    "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias"
)  # fmt: skip
_POOL = ("kernel_size", "stride", "padding")
# By its whole path, where a function of the same name elsewhere takes its arguments otherwise.
PATH_ARGUMENTS = {"torch.embedding": ("weight", "input")}
FUNCTION_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "torch.cat": ("tensors", "dim"), "torch.stack": ("tensors", "dim"),
    "torch.where": ("condition", "input", "other"),
    "torch.linspace": ("start", "end", "steps"), "torch.full": ("size", "fill_value"),
    "torch.full_like": ("input", "fill_value"),
    "torch.load": ("f", "map_location"), "torch.save": ("obj", "f"),
    "torch.from_numpy": ("ndarray",), "torch.tensor": ("data",),
    "torch.dropout": ("input", "p", "training", "inplace"),
    "torch.normalize": ("input", "p", "dim", "eps"),
    "torch.linear": ("input", "weight", "bias"), "torch.embedding": ("input", "weight"),
    "torch.layer_norm": ("input", "normalized_shape", "weight", "bias", "eps"),
    "torch.cross_entropy": ("input", "target", "weight"),
    "torch.mse_loss": ("input", "target"), "torch.l1_loss": ("input", "target"),
    "torch.pad": ("input", "pad", "mode", "value"), "torch.one_hot": ("tensor", "num_classes"),
    "torch.interpolate": ("input", "size", "scale_factor", "mode", "align_corners"),
    "torch.cosine_similarity": ("x1", "x2", "dim", "eps"),
    "torch.scaled_dot_product_attention":
        ("query", "key", "value", "attn_mask", "dropout_p", "is_causal"),
    "torch.clip_grad_norm_": ("parameters", "max_norm", "norm_type"),
    "torch.normal_": ("tensor", "mean", "std"), "torch.trunc_normal_": ("tensor", "mean", "std"),
    "torch.uniform_": ("tensor", "a", "b"), "torch.constant_": ("tensor", "val"),
    "torch.xavier_uniform_": ("tensor", "gain"),
    "torch.Linear": ("in_features", "out_features", "bias"),
    "torch.Embedding": ("num_embeddings", "embedding_dim", "padding_idx"),
    "torch.LayerNorm": ("normalized_shape", "eps", "elementwise_affine"),
    "torch.BatchNorm1d": ("num_features", "eps"), "torch.BatchNorm2d": ("num_features", "eps"),
    "torch.GroupNorm": ("num_groups", "num_channels", "eps"),
    "torch.Dropout": ("p", "inplace"), "torch.Softmax": _DIM, "torch.Flatten": ("start_dim",),
    "torch.Conv1d": _CONVOLUTION, "torch.Conv2d": _CONVOLUTION, "torch.Conv3d": _CONVOLUTION,
    "torch.MaxPool2d": _POOL, "torch.AvgPool2d": _POOL, "torch.AdaptiveAvgPool2d": ("output_size",),
    "torch.MultiheadAttention": ("embed_dim", "num_heads", "dropout"),
    "torch.DataLoader": ("dataset", "batch_size", "shuffle"),
    "numpy.concatenate": ("arrays", "axis"), "numpy.stack": ("arrays", "axis"),
    **{f"numpy.{name}": ("a", "axis") for name in _NUMPY_REDUCING.split()},
    "numpy.linspace": ("start", "stop", "num"), "numpy.full": ("shape", "fill_value"),
    "numpy.reshape": ("a", "shape"), "numpy.transpose": ("a", "axes"),
    "numpy.where": ("condition", "x", "y"), "numpy.clip": ("a", "a_min", "a_max"),
    "numpy.array": ("object", "dtype"), "numpy.zeros": ("shape", "dtype"),
    "numpy.ones": ("shape", "dtype"), "numpy.repeat": ("a", "repeats", "axis"),
}  # fmt: skip
