"""Packages that share no author and no code that we know of, in two disjoint lists.

Thresholds and weights are set on DEVELOPMENT alone; HELD_OUT only ever checks them. No package is
in the table of public code, which would know its code and weigh it less.
"""

from __future__ import annotations

from benchmarks.packages import Pin

DEVELOPMENT = (
    Pin("allennlp", "2.10.1", "allennlp"),
    Pin("einops", "0.8.2", "einops"),
    Pin("flax", "0.12.8", "flax"),
    Pin("gluonts", "0.17.0", "gluonts"),
    Pin("gpytorch", "1.15.2", "gpytorch"),
    Pin("kornia", "0.9.0", "kornia"),
    Pin("librosa", "0.11.0", "librosa"),
    Pin("lifelines", "0.30.3", "lifelines"),
    Pin("networkx", "3.6.1", "networkx"),
    Pin("nilearn", "0.14.1", "nilearn"),
    Pin("nltk", "3.10.4", "nltk"),
    Pin("optuna", "5.0.0", "optuna"),
    Pin("pyro-ppl", "1.9.2", "pyro"),
    Pin("pytorch-metric-learning", "2.9.0", "pytorch_metric_learning"),
    Pin("seaborn", "0.13.2", "seaborn"),
    Pin("segmentation-models-pytorch", "0.6.0", "segmentation_models_pytorch"),
    Pin("stable-baselines3", "2.9.2", "stable_baselines3"),
    Pin("torchdiffeq", "0.2.5", "torchdiffeq"),
    Pin("torchmetrics", "1.9.0", "torchmetrics"),
    Pin("tslearn", "0.10.0", "tslearn"),
)

HELD_OUT = (
    Pin("albumentations", "2.0.8", "albumentations"),
    Pin("arviz", "0.23.4", "arviz"),
    Pin("captum", "0.9.0", "captum"),
    Pin("catalyst", "22.4", "catalyst"),
    Pin("flair", "0.15.1", "flair"),
    Pin("gymnasium", "1.4.0", "gymnasium"),
    Pin("hydra-core", "1.3.8", "hydra"),
    Pin("imbalanced-learn", "0.14.2", "imblearn"),
    Pin("lm-eval", "0.4.13", "lm_eval"),
    Pin("pytorch-forecasting", "1.8.0", "pytorch_forecasting"),
    Pin("skorch", "1.4.0", "skorch"),
    Pin("speechbrain", "1.1.2", "speechbrain"),
)

# Pairs that a person read and found to share code: each with what both took, so not unrelated.
SHARED: dict[frozenset[str], str] = {
    frozenset(("gpytorch", "pyro-ppl")): (
        "gpytorch ships the Delta distribution of pyro, and says so (distributions/delta.py)"
    ),
}
