"""Names that repositories imitate or override but do not own: renaming them would change behaviour.

Attributes of builtins come from the interpreter; those of tensors, arrays and modules are listed,
since nothing of a compared world is imported.
"""

from __future__ import annotations

import builtins
import collections
import io
import pathlib
import re


def words(text: str) -> frozenset[str]:
    """A set written as text, which reads better than a page of quotation marks."""
    return frozenset(text.split())


_TYPES = (
    str, bytes, list, dict, set, frozenset, tuple, int, float, complex, object, type, slice, range,
    BaseException, collections.OrderedDict, collections.deque, collections.Counter, pathlib.Path,
    io.StringIO, io.TextIOWrapper, re.Pattern, re.Match,
    property, memoryview, staticmethod,
)  # fmt: skip

_LISTED = """
abs add add_ add_module addmm all allclose any apply arange argmax argmin argsort array as_tensor
astype backward baddbmm bias bmm bool bool_ broadcast_to buffers cat ceil children chunk clamp
clamp_ clip clone close concat concatenate config contiguous conv copy_ cos cpu cross cuda cumsum
data deepcopy detach detach_ device diag diagonal dim div div_ dot double dtype einsum
element_size ema end epoch eq eval exp expand expand_as eye fill_ flatten flip float floor fmod
forward from_config from_numpy from_pretrained full full_like gather ge get_parameter
get_submodule grad groups gt half height host id imag in_channels in_features index_add index_put_
index_select init initialize inputs int is_contiguous is_cuda is_floating_point isinf isnan item
kernel_size keys le lerp linear linspace load load_state_dict log log_softmax logger logits long
loss lr lt masked_fill masked_fill_ masked_select matmul max mean median meshgrid min mm mode
model modules mT mul mul_ multinomial name named_buffers named_children named_modules
named_parameters narrow ndim ndimension ndarray ne neg new new_empty new_full new_ones new_tensor
new_zeros nonzero norm normal_ numel numpy ones ones_like optimizer out_channels out_features
outer output padding param_groups parameters permute pi pow prod push_to_hub ravel real reciprocal
register_buffer register_forward_hook register_module register_parameter relu repeat
repeat_interleave requires_grad requires_grad_ reset_parameters reshape reshape_as resize resize_
roll round rsqrt run save save_pretrained scatter scatter_ scatter_add_ select shape sigmoid sign
sin size softmax solve sort split sqrt square squeeze stack start state_dict std step stride sub
sub_ sum swapaxes t T tanh tensor test tile to tolist topk trace train training transpose tril
tril_ triu trunc trunc_normal_ type type_as unbind unflatten unfold uniform_ unique unsqueeze
unsqueeze_ value values var view view_as weight where width xavier zero_ zero_grad zeros
zeros_like zfill bn1 load_pretrained_weights parse args kwargs func partial module __all__
register_to_config set_attn_processor get_config update_config dataclass field setUp tearDown main
setup version handle emit debug info warning error critical exception log warn fit predict
transform score
"""

ATTRIBUTES = words(_LISTED) | {
    name for type_ in _TYPES for name in dir(type_) if not name.startswith("__")
}

# Keyword names that a callable of unknown origin may well take from a library.
KEYWORDS = words(
    """
    affine align_corners alpha antialias approximate attn_mask axis base batch_first beta betas bias
    bins ceil_mode channels_last count_include_pad default device dilation dim dim1 dim2 dims
    dropout_p dtype elementwise_affine encoding end eps exist_ok file fill_value flags flush format
    func generator gain groups in_channels in_features indexing indices initial input inplace
    is_causal k keepdim key kernel_size keys largest last_epoch length lr mask max maximize mean
    memory_format metavar min min_lr mode momentum n name nargs non_blocking nonlinearity norm
    normalized_shape num_embeddings num_groups num_channels num_layers obj offset on_step ord
    out_channels out_features other out output_padding output_size p pad padding padding_idx
    padding_mode patience persistent prog query reduction repeats replacement required requires_grad
    return_counts return_inverse return_tensors reverse rounding_mode scale scale_factor sep shape
    shifts shuffle size size_average skipna sorted source src start std step stream stride strict
    sub tensor target text threshold timeout title track_running_stats type upscale_factor value
    value_dim verbose weight weight_decay weights x y
    """
)

BUILTINS = frozenset(dir(builtins))
