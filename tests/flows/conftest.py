"""Every test here may ask for the practice of tests/scene.py."""

from tests.scene import scene

__all__ = ["scene"]
