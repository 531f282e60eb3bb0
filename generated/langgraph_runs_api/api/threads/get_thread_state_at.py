from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.thread_state import ThreadState
from ...types import UNSET, Response, Unset, path_segment


def _get_kwargs(
    thread_id: str,
    checkpoint_id: str,
    *,
    subgraphs: bool | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["subgraphs"] = subgraphs

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/state/{checkpoint_id}".format(
            thread_id=path_segment(thread_id),
            checkpoint_id=path_segment(checkpoint_id),
        ),
        "params": params,
    }

    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ThreadState | str | None:
    if response.status_code == 200:
        response_200 = ThreadState.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorResponse.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = ErrorResponse.from_dict(response.json())

        return response_422

    if response.status_code == 500:
        response_500 = response.text
        return response_500

    if response.status_code == 503:
        response_503 = response.text
        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | ThreadState | str]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    thread_id: str,
    checkpoint_id: str,
    *,
    client: AuthenticatedClient | Client,
    subgraphs: bool | Unset = UNSET,
) -> Response[ErrorResponse | ThreadState | str]:
    """Get a thread's state at a checkpoint

     Returns the state at a checkpoint of the graph itself. If the checkpoint is unknown, the state is
    empty.

    Args:
        thread_id (str): The UUID of the thread.
        checkpoint_id (str): The UUID of the checkpoint.
        subgraphs (bool | Unset): Whether to include the states of subgraphs in the tasks; false
            by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ThreadState | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        checkpoint_id=checkpoint_id,
        subgraphs=subgraphs,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    checkpoint_id: str,
    *,
    client: AuthenticatedClient | Client,
    subgraphs: bool | Unset = UNSET,
) -> ErrorResponse | ThreadState | str | None:
    """Get a thread's state at a checkpoint

     Returns the state at a checkpoint of the graph itself. If the checkpoint is unknown, the state is
    empty.

    Args:
        thread_id (str): The UUID of the thread.
        checkpoint_id (str): The UUID of the checkpoint.
        subgraphs (bool | Unset): Whether to include the states of subgraphs in the tasks; false
            by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ThreadState | str
    """

    return sync_detailed(
        thread_id=thread_id,
        checkpoint_id=checkpoint_id,
        client=client,
        subgraphs=subgraphs,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    checkpoint_id: str,
    *,
    client: AuthenticatedClient | Client,
    subgraphs: bool | Unset = UNSET,
) -> Response[ErrorResponse | ThreadState | str]:
    """Get a thread's state at a checkpoint

     Returns the state at a checkpoint of the graph itself. If the checkpoint is unknown, the state is
    empty.

    Args:
        thread_id (str): The UUID of the thread.
        checkpoint_id (str): The UUID of the checkpoint.
        subgraphs (bool | Unset): Whether to include the states of subgraphs in the tasks; false
            by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ThreadState | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        checkpoint_id=checkpoint_id,
        subgraphs=subgraphs,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    checkpoint_id: str,
    *,
    client: AuthenticatedClient | Client,
    subgraphs: bool | Unset = UNSET,
) -> ErrorResponse | ThreadState | str | None:
    """Get a thread's state at a checkpoint

     Returns the state at a checkpoint of the graph itself. If the checkpoint is unknown, the state is
    empty.

    Args:
        thread_id (str): The UUID of the thread.
        checkpoint_id (str): The UUID of the checkpoint.
        subgraphs (bool | Unset): Whether to include the states of subgraphs in the tasks; false
            by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ThreadState | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            checkpoint_id=checkpoint_id,
            client=client,
            subgraphs=subgraphs,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
