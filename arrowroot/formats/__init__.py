"""How tables are stored in files; `arrowroot.tables` reads all of these formats."""
