"""The faces that come with mmteach: rendered people, each image with its landmarks."""

from mmteach.datasets.embedded_sets import embedded_set

SET = embedded_set(
    "faces",
    about="synthetic people, rendered: image and landmarks, identity and expression",
    note="synthetic people, rendered",
)
