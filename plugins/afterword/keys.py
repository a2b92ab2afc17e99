"""What only this site knows: the keys that its links are signed with, and other secrets."""

import os
import secrets
from pathlib import Path

from afterword.environment import Environment
from afterword.errors import SettingsError


def new_token() -> str:
    """A secret: 256 random bits."""
    return secrets.token_hex(32)


def secret_keys(variables: Environment) -> tuple[str, ...]:
    """What links are signed with; made and kept at first start."""
    if variables.secret_key:
        return tuple(variables.secret_key.split())
    path = variables.folder / "secret.key"
    try:
        variables.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make_key(path)
        keys = tuple(path.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), f"cannot be used: {error}") from error
    if not keys or any(len(key) < 32 for key in keys):  # noqa: PLR2004  # 128 bits in hex
        raise SettingsError(str(path), "holds no key; remove the file, and a new one is made")
    return keys


def _make_key(path: Path) -> None:
    """Make the file whole, or not at all, whoever else is making it."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_token() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        temporary.unlink()
