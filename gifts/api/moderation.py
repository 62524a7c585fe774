"""The API of moderating by a gift: block its sender, hide its message."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from accounts.requests import person_of
from gifts.blocking import block_sender, unblock_sender
from gifts.models import SentGift
from live.api.blocks import BlockSerializer, answer
from live.moderation import hiding


@extend_schema(
    methods=["PUT"],
    description="Block the sender of this gift. An anonymous sender stays anonymous.",
    responses={200: BlockSerializer, 201: BlockSerializer},
)
@extend_schema(
    methods=["DELETE"],
    description="Unblock the sender of this gift. Repeating this changes nothing.",
    responses={204: None},
)
@extend_schema(tags=["blocks"], request=None)
@scopes(PUT=Scope.EARN, DELETE=Scope.EARN)
@api_view(["PUT", "DELETE"])
def block(request: Request, key: UUID) -> Response:
    """Block or unblock a gift's sender, as its creator or a moderator."""
    try:
        if request.method == "PUT":
            made, new = block_sender(by=person_of(request), key=key)
            return answer(made, new=new)
        unblock_sender(by=person_of(request), key=key)
    except SentGift.DoesNotExist:
        raise Http404 from None
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(request=None, responses={204: None}, tags=["moderation"])
@scopes(POST=Scope.EARN)
@api_view(["POST"])
def hide(request: Request, key: UUID) -> Response:
    """Hide a gift's message for everyone, as the creator or a moderator."""
    gift = get_object_or_404(SentGift.objects.select_related("stream__creator"), public_id=key)
    hiding.hide_message(by=person_of(request), stream=gift.stream, gift=key)
    return Response(status=status.HTTP_204_NO_CONTENT)
