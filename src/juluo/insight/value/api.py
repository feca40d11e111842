"""`/api/v1/communities/{slug}/orders`."""

from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from juluo.ground.tokens.doors import admitted
from juluo.kit import clock
from juluo.record.connectors.types import Person, PersonKind
from juluo.record.events.actions import accept
from juluo.record.events.types import Event, Kind
from juluo.record.people.actions import observe
from juluo.record.people.types import Sightings

Short = Annotated[str, Field(max_length=180)]
Money = Annotated[float, Field(gt=0, lt=1e12)]


class OrderIn(Schema):
    """A paid order. `order` is yours: the same order again changes nothing. What was given back later is `refunded`, all or part of it."""

    order: Annotated[str, Field(min_length=1, max_length=160)]
    at: datetime
    member: Annotated[str, Field(min_length=1, max_length=180)]
    name: Short = ""
    phone: Short = ""
    amount: Money
    currency: Annotated[str, Field(pattern=r"^[A-Z]{0,3}$")] = ""
    product: Short = ""
    refunded: Money | None = None
    refunded_at: datetime | None = None


class OrdersIn(Schema):
    """`source` names the platform whose accounts the members are; the shop's own by default."""

    source: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = "shop"
    orders: Annotated[list[OrderIn], Field(max_length=1_000)]


class OrdersOut(Schema):
    accepted: int
    known: int


def router() -> Router:
    router = Router()

    @router.post("/", response=OrdersOut, summary="批量写入订单与退款（每批最多 1000 单，按订单号去重）")
    def post_orders(request: HttpRequest, slug: Path[str], payload: OrdersIn) -> OrdersOut:
        community = admitted(request, slug, "events.write")
        events = [event for order in payload.orders for event in _events(payload.source, order)]
        met = Sightings()
        for order in payload.orders:
            met.actors.add((payload.source, order.member))
            attributes = {"phone": order.phone} if order.phone else None
            met.meet(Person(payload.source, order.member, order.name or order.member, PersonKind.PERSON, attributes=attributes))
        with transaction.atomic():
            observe(community, met)
            fresh = accept(community.pk, events)
        return OrdersOut(accepted=sum(fresh), known=len(fresh) - sum(fresh))

    return router


def _events(source: str, order: OrderIn) -> list[Event]:
    """The order, and the refund beside it where there is one: the keys are those of an imported table."""
    props = {name: value for name in ("currency", "product") if (value := getattr(order, name))}
    paid = Event(
        f"order:{order.order}",
        clock.micros(order.at),
        Kind.ORDER_PAID,
        source,
        actor=order.member,
        value=order.amount,
        props=props or None,
    )
    if order.refunded is None:
        return [paid]
    at = clock.micros(order.refunded_at or order.at)
    back = Event(
        f"refund:{order.order}",
        at,
        Kind.ORDER_REFUNDED,
        source,
        actor=order.member,
        target=paid.key,
        value=min(order.refunded, order.amount),
    )
    return [paid, back]
