"""Packages that share no author and no code that we know of, in two disjoint lists.

Thresholds and weights are set on DEVELOPMENT alone; HELD_OUT only ever checks them.
"""

from __future__ import annotations

from benchmarks.packages import Pin

DEVELOPMENT = (
    Pin("einops", "0.8.2", "einops"),
    Pin("gpytorch", "1.15.2", "gpytorch"),
    Pin("kornia", "0.9.0", "kornia"),
    Pin("librosa", "0.11.0", "librosa"),
    Pin("lifelines", "0.30.3", "lifelines"),
    Pin("networkx", "3.6.1", "networkx"),
    Pin("nilearn", "0.14.1", "nilearn"),
    Pin("nltk", "3.10.4", "nltk"),
    Pin("open_clip_torch", "3.3.0", "open_clip"),
    Pin("optuna", "5.0.0", "optuna"),
    Pin("pyro-ppl", "1.9.2", "pyro"),
    Pin("pytorch-metric-learning", "2.9.0", "pytorch_metric_learning"),
    Pin("seaborn", "0.13.2", "seaborn"),
    Pin("segmentation-models-pytorch", "0.6.0", "segmentation_models_pytorch"),
    Pin("sentence-transformers", "6.2.0", "sentence_transformers"),
    Pin("stable-baselines3", "2.9.2", "stable_baselines3"),
    Pin("torchdiffeq", "0.2.5", "torchdiffeq"),
    Pin("torchmetrics", "1.9.0", "torchmetrics"),
    Pin("tslearn", "0.10.0", "tslearn"),
    Pin("vit-pytorch", "1.26.11", "vit_pytorch"),
)

HELD_OUT = (
    Pin("arviz", "0.23.4", "arviz"),
    Pin("captum", "0.9.0", "captum"),
    Pin("flair", "0.15.1", "flair"),
    Pin("gymnasium", "1.4.0", "gymnasium"),
    Pin("hydra-core", "1.3.8", "hydra"),
    Pin("imbalanced-learn", "0.14.2", "imblearn"),
    Pin("peft", "0.21.2", "peft"),
    Pin("pytorch-forecasting", "1.8.0", "pytorch_forecasting"),
    Pin("skorch", "1.4.0", "skorch"),
    Pin("speechbrain", "1.1.2", "speechbrain"),
    Pin("ultralytics", "8.4.190", "ultralytics"),
    Pin("x-transformers", "2.31.10", "x_transformers"),
)

# Pairs that a person read and found to share code: each with what both took, so not unrelated.
SHARED: dict[frozenset[str], str] = {
    frozenset(("gpytorch", "pyro-ppl")): (
        "gpytorch ships the Delta distribution of pyro, and says so (distributions/delta.py)"
    ),
    frozenset(("segmentation-models-pytorch", "vit-pytorch")): (
        "both adapt the Attention module of timm (mix_transformer.py, cct.py)"
    ),
}
