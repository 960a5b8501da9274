"""How each directive of CoreDNS is read, in one table."""

from collections.abc import Mapping

from eksaddon.corefile.plugins import answers, process, sources
from eksaddon.corefile.plugins.vocabulary import Plugin

PLUGINS: Mapping[str, Plugin] = {
    plugin.name: plugin for table in (process.PLUGINS, answers.PLUGINS, sources.PLUGINS) for plugin in table
}
"""By name; the directives that are gone for good have no entry."""
