"""`python -m mmteach` is `mmteach`."""

from mmteach.cli import main

main()
