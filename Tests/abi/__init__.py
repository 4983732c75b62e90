"""Tests of the C interface: its header, its library, its rules."""
