"""Tests of the reader of WordPress's exports, and of what is made of them."""
