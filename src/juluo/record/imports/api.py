"""`/api/v1/communities/{slug}/imports` and `…/events`."""

from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from juluo.ground.audit.actions import acting
from juluo.ground.tokens.doors import admitted
from juluo.kit import clock
from juluo.kit.errors import NotThere
from juluo.record.connectors.types import Channel, Person, PersonKind
from juluo.record.events.actions import accept
from juluo.record.events.types import Event, Kind
from juluo.record.people.actions import observe
from juluo.record.people.types import Sightings

from .actions import answer, append, begin_upload, cancel, look
from .jobs import queue
from .models import Import
from .types import State

Short = Annotated[str, Field(max_length=200)]


class EventIn(Schema):
    """One event. `key` is yours: sending the same key again changes nothing."""

    key: Annotated[str, Field(min_length=1, max_length=200)]
    at: datetime
    kind: Kind
    actor: Annotated[str, Field(min_length=1, max_length=200)]
    actor_name: Short = ""
    channel: Short = ""
    channel_name: Short = ""
    thread: Short | None = None
    reply_to: Short | None = None
    target: Short | None = None
    value: float | None = None
    text: Annotated[str, Field(max_length=100_000)] | None = None
    props: dict[str, Any] | None = None


class EventsIn(Schema):
    source: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = "api"
    events: Annotated[list[EventIn], Field(max_length=1_000)]


class EventsOut(Schema):
    accepted: int
    known: int


class ImportIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=255)]
    size: Annotated[int, Field(gt=0)]


class ImportOut(Schema):
    id: int
    name: str
    state: str
    size: int
    received: int
    reader: str
    plan: dict[str, Any]
    rows: int
    bytes_done: int
    bytes_total: int | None
    added: int
    replaced: int
    known: int
    rejected: int
    error: dict[str, Any] | None


class AnswersIn(Schema):
    reader: Short = ""
    answers: dict[str, Any] = {}


class OffsetOut(Schema):
    offset: int
    state: str


def events_router() -> Router:
    router = Router()

    @router.post("/", response=EventsOut, summary="批量写入事件（每批最多 1000 条，按 key 去重）")
    def post_events(request: HttpRequest, slug: Path[str], payload: EventsIn) -> EventsOut:
        community = admitted(request, slug, "events.write")
        events = [_event(payload.source, e) for e in payload.events]
        with transaction.atomic():
            _meet(community, payload)
            fresh = accept(community.pk, events)
        return EventsOut(accepted=sum(fresh), known=len(fresh) - sum(fresh))

    return router


def imports_router() -> Router:
    router = Router()

    @router.get("/", response=list[ImportOut], summary="最近的导入")
    def list_imports(request: HttpRequest, slug: Path[str]) -> list[Import]:
        return list(Import.objects.filter(community=admitted(request, slug, "imports.view"))[:100])

    @router.post("/", response={201: ImportOut}, summary="开始一次导入：先登记文件名与大小，再分块上传")
    def begin(request: HttpRequest, slug: Path[str], payload: ImportIn) -> Status[Import]:
        community = admitted(request, slug, "imports.run")
        return Status(201, begin_upload(community, payload.name, payload.size, by=request.user if request.user.is_authenticated else None))

    @router.get("/{number}", response=ImportOut, summary="一次导入的进度与结果")
    def read(request: HttpRequest, slug: Path[str], number: int) -> Import:
        return _found(request, slug, number, "imports.view")

    @router.patch("/{number}/content", response=OffsetOut, summary="上传一块内容；请求头 Upload-Offset 为这一块的起点")
    def put_content(request: HttpRequest, slug: Path[str], number: int) -> OffsetOut:
        imported = _found(request, slug, number, "imports.run")
        offset = append(imported, int(request.headers.get("Upload-Offset") or 0), request.body)
        if offset == imported.size:
            with acting(by="api"):
                look(imported)
            if imported.state == State.QUEUED:
                queue(imported)
        return OffsetOut(offset=offset, state=imported.state)

    @router.post("/{number}/answers", response=ImportOut, summary="回答导入前的问题（日期顺序、时区、列映射），然后开始导入")
    def post_answers(request: HttpRequest, slug: Path[str], number: int, payload: AnswersIn) -> Import:
        imported = _found(request, slug, number, "imports.run")
        if imported.state == State.ASKING:
            answer(imported, payload.answers, reader=payload.reader)
            queue(imported)
        return imported

    @router.delete("/{number}", response=ImportOut, summary="取消一次未完成的导入")
    def delete(request: HttpRequest, slug: Path[str], number: int) -> Import:
        imported = _found(request, slug, number, "imports.run")
        with acting(by="api"):
            cancel(imported)
        imported.refresh_from_db()
        return imported

    return router


def _found(request: HttpRequest, slug: str, number: int, permission: str) -> Import:
    imported = Import.objects.filter(community=admitted(request, slug, permission), pk=number).first()
    if imported is None:
        raise NotThere()
    return imported


def _event(source: str, given: EventIn) -> Event:
    at = given.at if given.at.tzinfo else given.at.replace(tzinfo=clock.now().tzinfo)
    return Event(
        key=given.key,
        at=clock.micros(at),
        kind=given.kind,
        source=source,
        channel=given.channel,
        actor=given.actor,
        thread=given.thread,
        reply_to=given.reply_to,
        target=given.target,
        value=given.value,
        text=given.text,
        props=given.props,
    )


def _meet(community: Any, payload: EventsIn) -> None:
    met = Sightings()
    source = payload.source
    for given in payload.events:
        met.actors.add((source, given.actor))
        met.places.add((source, given.channel))
        if given.actor_name:
            met.meet(Person(source=source, external_id=given.actor, name=given.actor_name, kind=PersonKind.PERSON))
        if given.channel_name:
            met.see([Channel(source=source, external_id=given.channel, name=given.channel_name)])
    observe(community, met)
