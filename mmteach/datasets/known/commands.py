"""The spoken commands that come with mmteach: what somebody wants of a house, said by synthetic voices."""

from mmteach.datasets.embedded_sets import embedded_set, in_languages

SET = embedded_set(
    "commands",
    about="synthetic voices: commands to a house in English and Mandarin, 31 frames",
    note="synthetic voices, made with espeak-ng; no recogniser was run, its errors are made too",
    open=in_languages,
)
