"""Needs tmux. Run by `make test-terminal`."""

import shutil

import pytest

if shutil.which("tmux") is None:
    pytest.exit("tmux is missing. To install it: apt-get install --no-install-recommends tmux", returncode=2)
