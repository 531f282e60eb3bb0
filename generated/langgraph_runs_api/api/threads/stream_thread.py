from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...types import UNSET, Response, Unset, path_segment


def _get_kwargs(
    thread_id: str,
    *,
    stream_modes: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id, Unset):
        headers["Last-Event-ID"] = last_event_id

    params: dict[str, Any] = {}

    params["stream_modes"] = stream_modes

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/stream".format(
            thread_id=path_segment(thread_id),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


@errors.complete
def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ErrorResponse | str | None:
    if response.status_code == 200:
        response_200 = response.text
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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ErrorResponse | str]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_modes: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[ErrorResponse | str]:
    """Stream a thread

     Responds with the events of all runs of the thread, one after another, each with an id, also of runs
    that are not resumable. A `metadata` event with `status` `run_done` follows the last event of a run.
    The stream does not end by itself. LangGraph.js does not have this operation.

    Args:
        thread_id (str): The UUID of the thread.
        stream_modes (str | Unset): Which events to send, one or more of these, separated by
            commas: `run_modes` (default) for the events of runs, `lifecycle` for their beginnings and
            ends only, `state_update` for changes of the state that no run has made. If the parameter
            is repeated, only the last one counts.
        last_event_id (str | Unset): The id of the event to begin after; `-` to begin with the
            first event; from now on by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        stream_modes=stream_modes,
        last_event_id=last_event_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_modes: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> ErrorResponse | str | None:
    """Stream a thread

     Responds with the events of all runs of the thread, one after another, each with an id, also of runs
    that are not resumable. A `metadata` event with `status` `run_done` follows the last event of a run.
    The stream does not end by itself. LangGraph.js does not have this operation.

    Args:
        thread_id (str): The UUID of the thread.
        stream_modes (str | Unset): Which events to send, one or more of these, separated by
            commas: `run_modes` (default) for the events of runs, `lifecycle` for their beginnings and
            ends only, `state_update` for changes of the state that no run has made. If the parameter
            is repeated, only the last one counts.
        last_event_id (str | Unset): The id of the event to begin after; `-` to begin with the
            first event; from now on by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | str
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        stream_modes=stream_modes,
        last_event_id=last_event_id,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_modes: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[ErrorResponse | str]:
    """Stream a thread

     Responds with the events of all runs of the thread, one after another, each with an id, also of runs
    that are not resumable. A `metadata` event with `status` `run_done` follows the last event of a run.
    The stream does not end by itself. LangGraph.js does not have this operation.

    Args:
        thread_id (str): The UUID of the thread.
        stream_modes (str | Unset): Which events to send, one or more of these, separated by
            commas: `run_modes` (default) for the events of runs, `lifecycle` for their beginnings and
            ends only, `state_update` for changes of the state that no run has made. If the parameter
            is repeated, only the last one counts.
        last_event_id (str | Unset): The id of the event to begin after; `-` to begin with the
            first event; from now on by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        stream_modes=stream_modes,
        last_event_id=last_event_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_modes: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> ErrorResponse | str | None:
    """Stream a thread

     Responds with the events of all runs of the thread, one after another, each with an id, also of runs
    that are not resumable. A `metadata` event with `status` `run_done` follows the last event of a run.
    The stream does not end by itself. LangGraph.js does not have this operation.

    Args:
        thread_id (str): The UUID of the thread.
        stream_modes (str | Unset): Which events to send, one or more of these, separated by
            commas: `run_modes` (default) for the events of runs, `lifecycle` for their beginnings and
            ends only, `state_update` for changes of the state that no run has made. If the parameter
            is repeated, only the last one counts.
        last_event_id (str | Unset): The id of the event to begin after; `-` to begin with the
            first event; from now on by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            stream_modes=stream_modes,
            last_event_id=last_event_id,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
