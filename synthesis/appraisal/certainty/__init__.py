"""How far an effect can be trusted: GRADE's reasons, proposed by rule, decided by people."""
