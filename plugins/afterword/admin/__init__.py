"""The moderator's pages, which work without scripts; with them there are keyboard shortcuts."""

from afterword.admin.app import Admin
from afterword.admin.login import Login, new_password

__all__ = ["Admin", "Login", "new_password"]
