"""Measurements that anyone can repeat: pinned public packages, peers side by side.

Never part of the timed test run. ``python -m benchmarks --help`` lists them.
"""
