"""For each exercise: other right answers, and other ways to write each mistake. Proofs run them."""
