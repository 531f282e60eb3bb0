# Derived from _async/engine/__init__.py by `make generate`; edit that one.
