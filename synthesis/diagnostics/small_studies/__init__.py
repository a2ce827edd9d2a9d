"""Do small studies show different effects? Tests, corrections and selection models."""
