"""How tables are stored in files; `arrowroot.tables` reads them, whichever way it is."""
