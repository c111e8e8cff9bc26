"""One repository among many: what a search finds, and what it costs with 50,000 of them."""
