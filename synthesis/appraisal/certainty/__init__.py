"""How far a pooled effect can be trusted: GRADE's reasons, proposed by rule and decided by people."""
