from generations.models.attempt import Attempt, Delivery
from generations.models.deposit import Deposit
from generations.models.draft import Draft
from generations.models.duration import Duration
from generations.models.event import Event
from generations.models.favourite import Favourite
from generations.models.heartbeat import Heartbeat
from generations.models.lease import Lease
from generations.models.output import Output
from generations.models.preset import Preset
from generations.models.prompt import Prompt
from generations.models.provider import Provider
from generations.models.rating import Rating
from generations.models.revision import Revision
from generations.models.share_link import ShareLink
from generations.models.starred_model import StarredModel
from generations.models.task import Task
from generations.models.upload import Upload
from generations.models.user import User
from generations.models.vote import Vote

__all__ = [
    "Attempt",
    "Delivery",
    "Deposit",
    "Draft",
    "Duration",
    "Event",
    "Favourite",
    "Heartbeat",
    "Lease",
    "Output",
    "Preset",
    "Prompt",
    "Provider",
    "Rating",
    "Revision",
    "ShareLink",
    "StarredModel",
    "Task",
    "Upload",
    "User",
    "Vote",
]
