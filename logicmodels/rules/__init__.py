"""Rules of good logic models: each names the source that motivates it."""
