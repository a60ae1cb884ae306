from generations.models.attempt import Attempt, Delivery
from generations.models.deposit import Deposit
from generations.models.duration import Duration
from generations.models.event import Event
from generations.models.heartbeat import Heartbeat
from generations.models.lease import Lease
from generations.models.output import Output
from generations.models.prompt import Prompt
from generations.models.provider import Provider
from generations.models.revision import Revision
from generations.models.share_link import ShareLink
from generations.models.task import Task
from generations.models.upload import Upload
from generations.models.user import User

__all__ = [
    "Attempt",
    "Delivery",
    "Deposit",
    "Duration",
    "Event",
    "Heartbeat",
    "Lease",
    "Output",
    "Prompt",
    "Provider",
    "Revision",
    "ShareLink",
    "Task",
    "Upload",
    "User",
]
