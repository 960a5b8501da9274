"""eksdns corefile"""

from eksaddon.cli.commands.corefile.files import corefile
from eksaddon.cli.commands.corefile.trial import try_

corefile.command("try")(try_)
