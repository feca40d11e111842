"""The readers Juluo knows out of the box. Others come the same way: a room's wiring adds to `registry.readers`."""

from .adapters.discord.export import DiscordExport
from .adapters.discourse.export import DiscourseExport
from .adapters.gitter.export import GitterText
from .adapters.gitter.saved import GitterSaved
from .adapters.instagram.export import InstagramExport
from .adapters.irc.export import IrcExport
from .adapters.mail.export import MailExport
from .adapters.mattermost.export import MattermostExport
from .adapters.meetup.export import MeetupExport
from .adapters.messenger.export import MessengerExport
from .adapters.orders.export import OrderTable
from .adapters.qq.export import QQExport
from .adapters.rocketchat.export import RocketChatExport
from .adapters.sandbox.reader import SandboxExport
from .adapters.signal.export import SignalExport
from .adapters.slack.export import SlackExport
from .adapters.table.export import TableFile
from .adapters.telegram.export import TelegramExport
from .adapters.wechat.export import WeChatExport
from .adapters.wechat.text import WeChatText
from .adapters.whatsapp.export import WhatsAppExport
from .adapters.zulip.export import ZulipExport
from .registry import readers

# Exports written for machines: they tell what they are.
readers.add(TelegramExport())
readers.add(DiscordExport())
readers.add(SlackExport())
readers.add(ZulipExport())
readers.add(DiscourseExport())
readers.add(MattermostExport())
readers.add(RocketChatExport())
readers.add(GitterSaved())
readers.add(MessengerExport())
readers.add(InstagramExport())
readers.add(SignalExport())
readers.add(MeetupExport())
readers.add(SandboxExport())

# Exports written for people, and tables: lines of text are guessed at, so they are asked after the others.
readers.add(WhatsAppExport())
readers.add(WeChatExport())
readers.add(WeChatText())
readers.add(QQExport())
readers.add(IrcExport())
readers.add(GitterText())
readers.add(MailExport())
readers.add(OrderTable())
readers.add(TableFile())
