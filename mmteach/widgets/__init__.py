"""What a learner moves: one widget a file, each imported when it is first asked for."""

import importlib
from typing import Any

_HOME = {
    "AudioPrep": "audio_prep",
    "AugmentLab": "augment_lab",
    "CommandStudio": "command_studio",
    "CompressionLab": "compression_lab",
    "DataPicker": "data_picker",
    "EmbeddingMap": "embedding_map",
    "EnvironmentCheck": "environment",
    "FaceMaker": "face_maker",
    "FaceStudio": "face_studio",
    "FeatureLab": "feature_lab",
    "FusionLab": "fusion_lab",
    "ImagePrep": "image_prep",
    "ImbalanceLab": "imbalance_lab",
    "ModalityMixer": "modality_mixer",
    "Panel": "panel",
    "Picture": "figure",
    "Plot": "figure",
    "Quiz": "quiz",
    "Recorder": "recorder",
    "ReportExplorer": "report_explorer",
    "RetrievalBoard": "retrieval_board",
    "SentimentPicker": "sentiment_studio",
    "SentimentStudio": "sentiment_studio",
    "TaskBalance": "task_balance",
    "TextPrep": "text_prep",
    "Tour": "tour",
    "TrainingPanel": "training_panel",
    "TransferLab": "transfer_lab",
    "read_upload": "upload",
    "show_source": "source",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'mmteach.widgets' has no attribute {name!r}; it has {', '.join(_HOME)}")
    return getattr(importlib.import_module(f"mmteach.widgets.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
