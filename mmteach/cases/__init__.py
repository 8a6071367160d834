"""One pipeline a case, each in one file to be read from top to bottom."""
