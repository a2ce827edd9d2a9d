"""Do small studies say something else? Tests, corrections and selection models."""
