"""The API of blocks by name. Blocks by a gift are in the API of gifts."""

from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope, User
from accounts.requests import creator_of
from foundation.requests import number
from live.chat.shown_names import named
from live.models import Block
from live.moderation import blocks

PER_PAGE = 50
MOST = 200


class BlockSerializer(serializers.ModelSerializer[Block]):
    """A blocked person: by handle, or by an anonymous gift."""

    handle = serializers.SerializerMethodField(
        help_text="Null for a person whose gift was anonymous."
    )
    display_name = serializers.SerializerMethodField(
        help_text="Null too where your blocked words leave no name to show."
    )
    since = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Block
        fields: ClassVar[list[str]] = ["handle", "display_name", "gift", "gift_at", "since"]

    def get_handle(self, block: Block) -> str | None:
        """Return the handle, if the creator may know it."""
        return block.handle or None

    def get_display_name(self, block: Block) -> str | None:
        """Return the name that the creator sees."""
        return block.name or None


class BlocksSerializer(serializers.Serializer[Any]):
    """A page of blocked people. Pass `next` as `before` to go on; null at the end."""

    blocks = BlockSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


@extend_schema(
    operation_id="v1_me_blocks_list",
    parameters=[
        OpenApiParameter("before", int, description="The `next` value of the previous page."),
        OpenApiParameter("limit", int, description="People per page, up to 200."),
    ],
    responses=BlocksSerializer,
    tags=["blocks"],
)
@scopes(GET=Scope.READ)
@api_view(["GET"])
def listed(request: Request) -> Response:
    """List the people you have blocked, newest first."""
    before = number(request.query_params.get("before", ""))
    limit = min(number(request.query_params.get("limit", "")) or PER_PAGE, MOST)
    mine = blocks.blocks_of(creator_of(request))
    found = list((mine.filter(pk__lt=before) if before else mine)[: limit + 1])
    following = found[limit - 1].pk if len(found) > limit else None
    page = named(found[:limit], creator_id=creator_of(request).pk)
    return Response(BlocksSerializer({"blocks": page, "next": following}).data)


@extend_schema(methods=["GET"], description="Get when this person was blocked.")
@extend_schema(
    methods=["PUT"],
    description="Block a person from chat and gifts. Repeating this changes nothing.",
    request=None,
    responses={200: BlockSerializer, 201: BlockSerializer},
)
@extend_schema(
    methods=["DELETE"],
    description="Unblock a person. Repeating this changes nothing.",
    responses={204: None},
)
@extend_schema(responses=BlockSerializer, tags=["blocks"])
@scopes(GET=Scope.READ, PUT=Scope.EARN, DELETE=Scope.EARN)
@api_view(["GET", "PUT", "DELETE"])
def one(request: Request, handle: str) -> Response:
    """Get, block or unblock one person."""
    creator = creator_of(request)
    user = get_object_or_404(User, handle=handle)
    if request.method == "PUT":
        made, new = blocks.block(creator=creator, user=user)
        return answer(made, new=new)
    if request.method == "DELETE":
        blocks.unblock(creator=creator, user=user)
        return Response(status=status.HTTP_204_NO_CONTENT)
    # Blocks by gifts are not to be found here: asking handle by handle would reveal who it is.
    found = blocks.blocks_of(creator).filter(user=user, gift=None).first()
    if found is None:
        raise Http404
    return answer(found, new=False)


def answer(made: Block, *, new: bool) -> Response:
    """Answer a block: 201 when it was made now, 200 when it was there."""
    code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    (shown,) = named([made], creator_id=made.creator_id)
    return Response(BlockSerializer(shown).data, status=code)


urlpatterns = [
    path("me/blocks/", listed, name="api_blocks"),
    path("me/blocks/<slug:handle>/", one, name="api_block"),
]
