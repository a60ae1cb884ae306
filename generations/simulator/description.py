"""What is said of a task, to who asks and to a webhook: the documented `data`."""

from datetime import UTC, datetime

from .endings import as_planned
from .envelope import Answer, success
from .store import Task


def answer(task: Task, origin: str, now: float) -> Answer:
    """The answer of `GET /api/v1/tasks/{id}` at that moment; files are addressed at `origin`."""
    return success(told(task, origin, now))


def told(task: Task, origin: str, now: float) -> dict:
    return as_planned(_honest(task, origin, now), task.faults)


def _honest(task: Task, origin: str, now: float) -> dict:
    said = {"status": task.status(now), "task_id": task.id, "model_id": task.model}
    if said["status"] != "success":
        return said
    return said | {
        "duration": round((task.done - task.created) * 1000),
        "result": _result(task, origin),
        "result_expires_at": round(task.expires * 1000),
        "billing": {"amount": task.amount / 10_000},
    }


def _result(task: Task, origin: str) -> dict:
    images = sum(output["kind"] == "image" for output in task.outputs)
    counted = {"image_count": images} if images else {}
    return {
        "resources": [_resource(task, index, origin) for index in range(len(task.outputs))],
        "metadata": counted | {"request_id": f"req-{task.token[:8]}"},
        "extensions": {"submit_time": iso(task.created), "end_time": iso(task.done)},
    }


def _resource(task: Task, index: int, origin: str) -> dict:
    output = task.outputs[index]
    facts = {name: output[name] for name in ("width", "height", "duration") if name in output}
    return {
        "url": f"{origin}/files/{task.token}/{index}.{output['format']}",
        "type": output["kind"],
        "format": output["format"],
        "role": output["role"],
    } | facts


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
