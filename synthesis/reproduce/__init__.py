"""Is a printed number right, and which choices gave it: claims, conventions, ledger, exercises."""
