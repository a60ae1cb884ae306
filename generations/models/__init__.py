from generations.models.alarm import Alarm
from generations.models.attempt import Attempt, Delivery
from generations.models.collection import Collection, CollectionItem
from generations.models.deposit import Deposit
from generations.models.draft import Draft
from generations.models.duration import Duration
from generations.models.entry import Entry
from generations.models.event import Event
from generations.models.favourite import Favourite
from generations.models.guess import Guess
from generations.models.heartbeat import Heartbeat
from generations.models.invitation import Invitation
from generations.models.learned_price import LearnedPrice
from generations.models.lease import Lease
from generations.models.notice import Bookmark, Notice
from generations.models.output import Output
from generations.models.preset import Preset
from generations.models.prompt import Prompt
from generations.models.provider import Provider
from generations.models.purse import OverBudget, Purse
from generations.models.rating import Rating
from generations.models.revision import Revision
from generations.models.saved_view import SavedView
from generations.models.share_link import ShareItem, ShareLink
from generations.models.starred_model import StarredModel
from generations.models.statement import Statement
from generations.models.tag import Tag, Tagging
from generations.models.task import Task
from generations.models.task_words import TaskWords
from generations.models.team import Team
from generations.models.upload import Upload
from generations.models.user import LastAdmin, User
from generations.models.vote import Vote
from generations.models.webhook import Call, Webhook

__all__ = [
    "Alarm",
    "Attempt",
    "Bookmark",
    "Call",
    "Collection",
    "CollectionItem",
    "Delivery",
    "Deposit",
    "Draft",
    "Duration",
    "Entry",
    "Event",
    "Favourite",
    "Guess",
    "Heartbeat",
    "Invitation",
    "LastAdmin",
    "LearnedPrice",
    "Lease",
    "Notice",
    "Output",
    "OverBudget",
    "Preset",
    "Prompt",
    "Provider",
    "Purse",
    "Rating",
    "Revision",
    "SavedView",
    "ShareItem",
    "ShareLink",
    "StarredModel",
    "Statement",
    "Tag",
    "Tagging",
    "Task",
    "TaskWords",
    "Team",
    "Upload",
    "User",
    "Vote",
    "Webhook",
]
