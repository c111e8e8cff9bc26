"""What a fair expert would expect of every folder in ``fixtures``; negative cases first."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.model import Strength

# A file pair below this similarity is a footnote, above it a reader would open it.
CLOSE = 0.25


@dataclass(frozen=True)
class Claim:
    """``found`` file pairs must be listed; ``absent`` ones may at most be footnotes.

    ``renames`` are among those that must be told. ``whole`` file pairs are covered completely on
    both sides. ``degraded`` files of the right are reported as read with difficulty. All of it is
    said of one ``kind`` of evidence; a negative case has no other kind that says more either.
    """

    case: str
    kind: str = "code"
    least: Strength = Strength.NONE
    most: Strength = Strength.VERY_STRONG
    found: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    renames: tuple[str, ...] = ()
    leading: str = ""
    degraded: tuple[str, ...] = ()
    use_base: bool = True

    @property
    def id(self) -> str:
        return f"{self.case} {self.kind}" + ("" if self.use_base else " without base")


def _sides(pairs: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in pairs.strip().splitlines())


NEGATIVE = (
    # The same idea, the same vocabulary, another author.
    Claim(
        "independent_same_idea",
        most=Strength.WEAK,
        absent=_sides("""
            fernlight/resampler.py ~ pinlabel/pooler.py
            fernlight/tiling.py ~ pinlabel/crops.py
            fernlight/modeling.py ~ pinlabel/model.py
            fernlight/data.py ~ pinlabel/data.py
            fernlight/metrics.py ~ pinlabel/metrics.py
            train.py ~ pinlabel/train.py
            chat.py ~ predict.py
        """),
    ),
    # Both vendored one framework, which is given as the base.
    Claim(
        "shared_upstream",
        most=Strength.WEAK,
        absent=_sides("""
            trainkit/loop.py ~ callnote/_trainkit/loop.py
            trainkit/hooks.py ~ callnote/_trainkit/hooks.py
            tidewatch/model.py ~ callnote/net.py
            tidewatch/gauge.py ~ callnote/recordings.py
            train.py ~ run.py
        """),
    ),
    # What everybody writes around a classifier.
    Claim(
        "boilerplate_only",
        most=Strength.WEAK,
        absent=_sides("""
            model.py ~ ticket_model.py
            dataset.py ~ vocab.py
        """),
    ),
    # Two students, one tutorial, different tasks.
    Claim("same_tutorial", most=Strength.WEAK, absent=("run_reviews.py ~ ner_recipes.py",)),
)

POSITIVE = (
    Claim(
        "disguised_copy",
        least=Strength.STRONG,
        leading="fernlight/resampler.py ~ mossgate/condenser.py",
        found=_sides("""
            fernlight/resampler.py ~ mossgate/condenser.py
            fernlight/tiling.py ~ mossgate/image_ops.py
            fernlight/metrics.py ~ mossgate/scoring.py
            fernlight/decoder.py ~ mossgate/layers.py
            fernlight/decoder.py ~ mossgate/network.py
            fernlight/vision.py ~ mossgate/layers.py
            fernlight/modeling.py ~ mossgate/network.py
            fernlight/data.py ~ mossgate/inputs.py
            train.py ~ finetune.py
        """),
        absent=_sides("""
            fernlight/metrics.py ~ mossgate/image_ops.py
            fernlight/resampler.py ~ mossgate/inputs.py
            chat.py ~ mossgate/scoring.py
        """),
        renames=_sides("""
            PlateResampler -> VisualCondenser
            centred_axis_code -> pos_1d
            plane_code -> pos_2d
            CodeShelf -> PosTable
            fit_to_budget -> patch_layout
            growing_grids -> enumerate_layouts
            cut_tiles -> make_crops
            slice_sheet -> crop_image
            placeholder -> image_prompt
            edit_distance -> damerau
            field_scores -> f1_by_field
            rotation_table -> build_rope
            GroupedAttention -> GQA
        """),
    ),
    # The framework is not given as the base: what both vendored is plain to see.
    Claim(
        "shared_upstream",
        use_base=False,
        least=Strength.STRONG,
        found=_sides("""
            trainkit/loop.py ~ callnote/_trainkit/loop.py
            trainkit/hooks.py ~ callnote/_trainkit/hooks.py
            trainkit/blocks.py ~ callnote/_trainkit/blocks.py
        """),
        absent=("tidewatch/gauge.py ~ callnote/recordings.py",),
        renames=("send -> to_device", "average -> ema"),
    ),
    # Three files taken as they are, 600 lines of own code around them.
    Claim(
        "verbatim_subset",
        least=Strength.STRONG,
        whole=_sides("""
            fernlight/resampler.py ~ pinlabel/extra/resampler.py
            fernlight/tiling.py ~ pinlabel/extra/tiling.py
            fernlight/metrics.py ~ pinlabel/extra/metrics.py
        """),
        absent=_sides("""
            fernlight/modeling.py ~ pinlabel/model.py
            fernlight/metrics.py ~ pinlabel/metrics.py
        """),
    ),
    # Every name exchanged by a machine, then reformatted.
    Claim(
        "renamed_only",
        least=Strength.STRONG,
        found=_sides("""
            fernlight/resampler.py ~ papermoth/squeezer.py
            fernlight/tiling.py ~ papermoth/divide.py
            fernlight/vision.py ~ papermoth/eye.py
            fernlight/decoder.py ~ papermoth/writer.py
            fernlight/modeling.py ~ papermoth/whole.py
            fernlight/metrics.py ~ papermoth/marks.py
            fernlight/configuration.py ~ papermoth/settings.py
        """),
        absent=("fernlight/decoder.py ~ papermoth/marks.py",),
        renames=_sides("""
            PlateResampler -> GlyphSqueezer
            SheetTower -> PageTrunk
            TextDecoder -> TongueWriter
            plane_code -> area_signal
            cut_tiles -> chop_pieces
            edit_distance -> change_gap
            choose_token -> pick_symbol
            resampler -> squeezer
        """),
    ),
    # Copied into the cells of a notebook, between cells of its own.
    Claim(
        "into_notebook",
        least=Strength.STRONG,
        found=_sides("""
            fernlight/resampler.py ~ experiments/week5_reading_maps.ipynb
            fernlight/tiling.py ~ experiments/week5_reading_maps.ipynb
            fernlight/metrics.py ~ experiments/week5_reading_maps.ipynb
        """),
        absent=_sides("""
            fernlight/decoder.py ~ experiments/week5_reading_maps.ipynb
            fernlight/tiling.py ~ tools/stitch.py
        """),
        renames=("PlateResampler -> Condense",),
    ),
    # One module, every function rewritten to do the same in another way.
    Claim(
        "restructured_functions",
        least=Strength.STRONG,
        found=("pagekit/layout.py ~ scanlib/tools.py",),
        renames=_sides("""
            suppress -> nms
            column_gaps -> find_gutters
            tag_spans -> spans_from_bio
            skew_angle -> best_rotation
            confidence_band -> bootstrap
            pad_to_stride -> align_page
        """),
    ),
    Claim(
        "identical",
        least=Strength.STRONG,
        whole=_sides("""
            fernlight/metrics.py ~ fernlight/metrics.py
            fernlight/configuration.py ~ fernlight/configuration.py
        """),
        absent=("fernlight/metrics.py ~ fernlight/configuration.py",),
    ),
    # An unresolved merge in the middle of the copied file: Python cannot read it any more.
    Claim(
        "broken_copy",
        least=Strength.STRONG,
        found=("fernlight/decoder.py ~ kelp/lm.py",),
        absent=("fernlight/metrics.py ~ kelp/sonar.py", "fernlight/tiling.py ~ kelp/sonar.py"),
        degraded=("kelp/lm.py",),
    ),
)

# Configuration, tokenizer, checkpoint and the rest; the kind says which detector is asked.
ARTEFACT_NEGATIVE = (
    # The same framework, every value its default.
    Claim("config_defaults_only", kind="config", most=Strength.WEAK),
    # Two models fine-tuned from one base, which is given.
    Claim("config_shared_base", kind="config", most=Strength.WEAK),
    # One public tokenizer, each with tokens of its own.
    Claim("tokenizer_own_tokens", kind="tokenizer", most=Strength.WEAK),
    # Two mirrors of one public tokenizer.
    Claim("tokenizer_public_base", kind="tokenizer", most=Strength.WEAK),
    Claim("tokenizer_shared_base", kind="tokenizer", most=Strength.WEAK),
    # Two trainings of one public architecture.
    Claim("checkpoint_same_architecture", kind="checkpoint", most=Strength.WEAK),
    Claim("checkpoint_shared_base", kind="checkpoint", most=Strength.WEAK),
    # Everybody's typos, messages and links.
    Claim("leftovers_shared_habits", kind="leftovers", most=Strength.WEAK),
)

ARTEFACT_POSITIVE = (
    # Other order, other layout, the same settings.
    Claim(
        "config_reformatted",
        kind="config",
        least=Strength.STRONG,
    ),
    # A YAML file became the defaults of a Python class.
    Claim(
        "config_formats",
        kind="config",
        least=Strength.STRONG,
        found=("conf/tidewren.yaml ~ brackish/configuration_brackish.py",),
    ),
    Claim(
        "config_renamed",
        kind="config",
        least=Strength.MODERATE,
        found=("config.json ~ config.json",),
        renames=("depth_schedule -> ramp_shape", "echo_window -> reach"),
    ),
    Claim("config_shared_base", kind="config", use_base=False, least=Strength.STRONG),
    Claim(
        "tokenizer_added_tokens",
        kind="tokenizer",
        least=Strength.STRONG,
        found=("tokenizer_config.json ~ assets/tokenizer_config.json",),
    ),
    Claim("tokenizer_shared_base", kind="tokenizer", use_base=False, least=Strength.STRONG),
    Claim(
        "checkpoint_renamed_prefixes",
        kind="checkpoint",
        least=Strength.STRONG,
        found=("model.safetensors.index.json ~ model.safetensors.index.json",),
        renames=("tower -> sight", "bridge -> gateway"),
    ),
    Claim("checkpoint_shared_base", kind="checkpoint", use_base=False, least=Strength.STRONG),
    # A module is named that only the other side has.
    Claim(
        "leftovers_other_module",
        kind="leftovers",
        least=Strength.MODERATE,
        found=_sides("""
            modeling_ferrowick.py ~ pleatnet/tokenizer_config.json
            modeling_ferrowick.py ~ pleatnet/pleats.py
        """),
    ),
    # Attribution is read, never weighed.
    Claim("attribution_silent", kind="attribution", most=Strength.NONE),
    Claim("attribution_credited", kind="attribution", most=Strength.NONE),
    Claim(
        "attribution_credited",
        least=Strength.STRONG,
        found=("marrowgate/pool.py ~ thornreader/slots.py",),
    ),
)

NEGATIVE += ARTEFACT_NEGATIVE
CLAIMS = NEGATIVE + POSITIVE + ARTEFACT_POSITIVE
