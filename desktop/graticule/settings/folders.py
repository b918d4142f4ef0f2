"""Where this computer keeps what belongs to the user and not to a store."""

from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_log_path

APP = "Graticule"


def settings_path() -> Path:
    return user_config_path(APP, appauthor=False) / "settings.json"


def bindings_path() -> Path:
    """The reader's own keys and strokes."""
    return user_config_path(APP, appauthor=False) / "keys.json"


def window_path() -> Path:
    """Where windows stood and how wide their columns were."""
    return user_config_path(APP, appauthor=False) / "window.json"


def log_folder() -> Path:
    return user_log_path(APP, appauthor=False)


def data_folder() -> Path:
    """Where a store made by the first-run steps lies."""
    return user_data_path(APP, appauthor=False)


def screens_path() -> Path:
    """How large the pixels of each screen are."""
    return user_config_path(APP, appauthor=False) / "screens.json"
