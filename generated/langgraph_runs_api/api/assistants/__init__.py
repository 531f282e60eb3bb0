"""Contains endpoint functions for accessing the API"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ...models import (
    AssistantField,
    AssistantSortBy,
    SortOrder,
)


class AssistantSearchDict(TypedDict, total=False):
    """Which assistants to return."""

    limit: int | None
    """ The maximum number of items; 10 by default. """
    offset: int | None
    """ How many items to skip; 0 by default. """
    sort_order: SortOrder | None
    """ Whether the items ascend or descend; `desc` by default. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    graph_id: str | None
    """ The name of the graph. """
    name: str | None
    """ A part of the assistant's name, in upper or lower case. """
    sort_by: AssistantSortBy | None
    """ The field to sort by; `created_at` by default. """
    select: Sequence[AssistantField] | None
    """ The fields to return; all by default. """
