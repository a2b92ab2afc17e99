"""Afterword as a Pelican namespace plugin: installed, it is found by its name alone."""

from afterword import register

__all__ = ["register"]
