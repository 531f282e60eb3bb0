from __future__ import annotations

from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.cancel_action import CancelAction
from ...models.cancel_run_wait import CancelRunWait
from ...models.error_response import ErrorResponse
from ...types import UNSET, Response, Unset, path_segment


def _get_kwargs(
    thread_id: str,
    run_id: str,
    *,
    wait: CancelRunWait | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_wait: int | Unset = UNSET
    if not isinstance(wait, Unset):
        json_wait = wait

    params["wait"] = json_wait

    json_action: str | Unset = UNSET
    if not isinstance(action, Unset):
        json_action = action

    params["action"] = json_action

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/runs/{run_id}/cancel".format(
            thread_id=path_segment(thread_id),
            run_id=path_segment(run_id),
        ),
        "params": params,
    }

    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | ErrorResponse | str | None:
    if response.status_code == 200:
        response_200 = response.json()
        return response_200

    if response.status_code == 202:
        response_202 = cast(Any, None)
        return response_202

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

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
) -> Response[Any | ErrorResponse | str]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    wait: CancelRunWait | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Response[Any | ErrorResponse | str]:
    """Stop a run

     Stops a run that is pending or running. A run that has already ended is left unchanged, and the
    status is 404 (200 from Aegra, 202 from LangGraph.js). Aegra refuses the action `rollback` with 422.

    Args:
        thread_id (str): The UUID of the thread.
        run_id (str): The UUID of the run.
        wait (CancelRunWait | Unset): 1 to respond only when the run has stopped; 0 by default.
            Leave it out instead of sending 0: for LangGraph.js, any value means 1.
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        wait=wait,
        action=action,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    wait: CancelRunWait | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Any | ErrorResponse | str | None:
    """Stop a run

     Stops a run that is pending or running. A run that has already ended is left unchanged, and the
    status is 404 (200 from Aegra, 202 from LangGraph.js). Aegra refuses the action `rollback` with 422.

    Args:
        thread_id (str): The UUID of the thread.
        run_id (str): The UUID of the run.
        wait (CancelRunWait | Unset): 1 to respond only when the run has stopped; 0 by default.
            Leave it out instead of sending 0: for LangGraph.js, any value means 1.
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | str
    """

    return sync_detailed(
        thread_id=thread_id,
        run_id=run_id,
        client=client,
        wait=wait,
        action=action,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    wait: CancelRunWait | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Response[Any | ErrorResponse | str]:
    """Stop a run

     Stops a run that is pending or running. A run that has already ended is left unchanged, and the
    status is 404 (200 from Aegra, 202 from LangGraph.js). Aegra refuses the action `rollback` with 422.

    Args:
        thread_id (str): The UUID of the thread.
        run_id (str): The UUID of the run.
        wait (CancelRunWait | Unset): 1 to respond only when the run has stopped; 0 by default.
            Leave it out instead of sending 0: for LangGraph.js, any value means 1.
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        wait=wait,
        action=action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    wait: CancelRunWait | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Any | ErrorResponse | str | None:
    """Stop a run

     Stops a run that is pending or running. A run that has already ended is left unchanged, and the
    status is 404 (200 from Aegra, 202 from LangGraph.js). Aegra refuses the action `rollback` with 422.

    Args:
        thread_id (str): The UUID of the thread.
        run_id (str): The UUID of the run.
        wait (CancelRunWait | Unset): 1 to respond only when the run has stopped; 0 by default.
            Leave it out instead of sending 0: for LangGraph.js, any value means 1.
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            run_id=run_id,
            client=client,
            wait=wait,
            action=action,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
