"""The spoken reviews that come with mmteach: sentences of our own, read by synthetic voices."""

from mmteach.datasets.embedded_sets import embedded_set

SET = embedded_set(
    "spoken_reviews",
    about="synthetic voices: text and speech in English and Mandarin, three moods",
    note="synthetic voices, made with espeak-ng",
)
