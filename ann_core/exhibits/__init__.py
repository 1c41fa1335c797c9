"""One frozen record for each thing that is computed on the spot: what the learner has set, its defaults and bounds.

Exhibits share the widgets, presets and addresses of experiments, but are never trained.
"""

from ann_core.exhibits.attention import AttendExhibit, KnockExhibit, WavesExhibit
from ann_core.exhibits.convolutional import ConvolutionExhibit, DistortionExhibit, SharingExhibit
from ann_core.exhibits.foundations import (
    ActivationExhibit,
    BatchExhibit,
    DepthExhibit,
    DescentExhibit,
    LayersExhibit,
    LossExhibit,
    NeuronExhibit,
    WorksheetExhibit,
)
from ann_core.exhibits.gan import StageExhibit, StepExhibit, WalkExhibit
from ann_core.exhibits.sequences import CellExhibit, GatesExhibit, HorizonExhibit, OperationExhibit, RaceExhibit, ReachExhibit
from ann_core.experiments import SPECS
from ann_core.spec import Spec

EXHIBITS: dict[str, type[Spec]] = {
    cls.experiment: cls
    for cls in (
        NeuronExhibit,
        ActivationExhibit,
        LayersExhibit,
        DepthExhibit,
        LossExhibit,
        DescentExhibit,
        WorksheetExhibit,
        BatchExhibit,
        SharingExhibit,
        ConvolutionExhibit,
        DistortionExhibit,
        CellExhibit,
        ReachExhibit,
        GatesExhibit,
        RaceExhibit,
        HorizonExhibit,
        OperationExhibit,
        AttendExhibit,
        WavesExhibit,
        KnockExhibit,
        StageExhibit,
        StepExhibit,
        WalkExhibit,
    )
}
"""The class of every exhibit."""


def spec_class(name: str) -> type[Spec]:
    """The class of an experiment or an exhibit. `KeyError` where there is none."""
    return (SPECS | EXHIBITS)[name]
