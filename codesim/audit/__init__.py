"""Many submissions against each other."""
