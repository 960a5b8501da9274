"""How each directive of CoreDNS is read, in one table."""

from collections.abc import Mapping

from eksaddon.corefile import plugins_answers, plugins_process, plugins_sources
from eksaddon.corefile.knowledge import Plugin

PLUGINS: Mapping[str, Plugin] = {
    plugin.name: plugin
    for table in (plugins_process.PLUGINS, plugins_answers.PLUGINS, plugins_sources.PLUGINS)
    for plugin in table
}
"""By name; the directives that are gone for good have no entry."""
