"""REFI-QDA: codebooks and projects exchanged with ATLAS.ti, MAXQDA, NVivo and QualCoder."""
