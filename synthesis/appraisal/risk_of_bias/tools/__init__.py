"""Tools for risk of bias: each is a YAML file; `tool.py` is what is made of one by `reading.py`."""
