"""What can go wrong, in a learner's words.

Every message says what came, what was needed, and what to do next. The command line and the widgets show
the message alone; only a mistake of ours shows a stack trace.
"""


class MmteachError(Exception):
    """Any error that mmteach raises on purpose; its text is meant for a learner."""


class ParameterError(MmteachError, ValueError):
    """A parameter is outside its range or does not fit the data."""


class DataError(MmteachError):
    """A file, folder or table is missing, damaged or not laid out as needed.

    Parameters
    ----------
    message : what came, what was needed, what to do.
    problems : further lines, one for each bad file or row, where there are several.
    """

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__("\n  ".join((message, *problems)))
        self.problems = problems


class DownloadError(DataError):
    """A file could not be fetched; the text says which file to put where by hand."""


class NotFittedError(MmteachError):
    """A step was used before it was fitted on the training part."""


class ModelFileError(MmteachError):
    """A saved model is damaged, truncated, of another version, or not a model at all."""
