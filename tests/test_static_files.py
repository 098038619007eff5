"""The site's own files can be served as in production: collected, compressed, under names with a hash."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


def test_every_file_that_a_template_names_is_collected(settings, tmp_path):
    settings.STATIC_ROOT, settings.STORAGES = tmp_path, STORAGES
    call_command("collectstatic", interactive=False, verbosity=0)
    from_templates = {name: path for path in templates() for name in named_files(path)}
    missing = {name: path for name, path in from_templates.items() if not (tmp_path / name).exists()}
    assert not missing


def templates() -> list[Path]:
    """Return the project's own templates."""
    return sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def named_files(template: Path) -> list[str]:
    """Return the files that a template takes with {% static %}."""
    return re.findall(r"""{%\s*static\s+["']([^"']+)["']""", template.read_text(encoding="utf-8"))
