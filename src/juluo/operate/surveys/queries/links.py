"""Links to surveys: who they stand for, and whether they were used."""

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from juluo.ground.communities.models import Community

from ..errors import LinkBroken
from ..models import Invitation, Spent, Survey
from ..types import State

_LINK, _PREVIEW, _SPENT = "surveys.link", "surveys.preview", "surveys.spent"


def link_token(number: int) -> str:
    """What stands in the address of a personal link. It names the invitation, so it stays good when members are merged."""
    return Signer(salt=_LINK, sep=".").sign(str(number))


def invited(community: Community, token: str) -> Invitation:
    """Whose link this is. Raises `LinkBroken` for anything that we did not sign, of another community, or whose member is gone."""
    try:
        number = int(Signer(salt=_LINK, sep=".").unsign(token))
    except (BadSignature, ValueError) as wrong:
        raise LinkBroken() from wrong
    found = Invitation.objects.filter(pk=number, survey__community=community).select_related("survey", "member").first()
    if found is None:
        raise LinkBroken()
    return found


def preview_token(survey: Survey) -> str:
    return Signer(salt=_PREVIEW, sep=".").sign(str(survey.pk))


def previewed(community: Community, token: str) -> Survey:
    """Which survey this preview link shows. Raises `LinkBroken`."""
    try:
        number = int(Signer(salt=_PREVIEW, sep=".").unsign(token))
    except (BadSignature, ValueError) as wrong:
        raise LinkBroken() from wrong
    found = Survey.objects.filter(pk=number, community=community).first()
    if found is None:
        raise LinkBroken()
    return found


def one_way(survey: Survey, what: str) -> str:
    """A number that the same link or browser always gives for this survey, and from which nobody can tell which it was."""
    return salted_hmac(f"{_SPENT}.{survey.pk}", what, algorithm="sha256").hexdigest()


def was_spent(survey: Survey, what: str) -> bool:
    """Whether this link or browser answered this anonymous survey."""
    return Spent.objects.filter(survey=survey, mark=one_way(survey, what)).exists()


def open_survey(community: Community, code: str) -> Survey:
    """The survey behind an open link. Raises `LinkBroken` where there is none, or where it can only be answered by personal link."""
    found = Survey.objects.filter(community=community, code=code, has_open_link=True).exclude(state=State.DRAFT).first()
    if found is None:
        raise LinkBroken()
    return found
