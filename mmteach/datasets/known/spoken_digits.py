"""The spoken digits that come with mmteach: ten words in two languages, said by synthetic voices."""

from mmteach.datasets.embedded_sets import embedded_set, in_languages

SET = embedded_set(
    "spoken_digits",
    about="synthetic voices: single digits in English and Mandarin",
    note="synthetic voices, made with espeak-ng",
    open=in_languages,
)
