"""Tells what the wheel is for; everything else is in pyproject.toml."""

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class WithLibrary(Distribution):
    """The package has a library in it, though nothing is compiled for a version of Python."""

    def has_ext_modules(self) -> bool:
        return True


class ForEveryPython(bdist_wheel):
    # With the system's libcurl there is no manylinux to claim.
    def get_tag(self):
        return ("py3", "none", "linux_x86_64")


setup(distclass=WithLibrary, cmdclass={"bdist_wheel": ForEveryPython})
