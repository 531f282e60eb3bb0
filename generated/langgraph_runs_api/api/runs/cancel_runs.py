from __future__ import annotations

from typing import Any, cast

import httpx

from ... import errors, models
from ...client import AuthenticatedClient, Client
from ...models.cancel_action import CancelAction
from ...models.error_response import ErrorResponse
from ...types import UNSET, Response, Unset, as_json


def _get_kwargs(
    *,
    body: models.RunsCancel | models.RunsCancelDict,
    action: CancelAction | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    json_action: str | Unset = UNSET
    if not isinstance(action, Unset):
        json_action = action

    params["action"] = json_action

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/runs/cancel",
        "params": params,
    }

    _kwargs["json"] = as_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | ErrorResponse | str | None:
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

    if response.status_code == 413:
        response_413 = ErrorResponse.from_dict(response.json())

        return response_413

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
    *,
    client: AuthenticatedClient | Client,
    body: models.RunsCancel | models.RunsCancelDict,
    action: CancelAction | Unset = UNSET,
) -> Response[Any | ErrorResponse | str]:
    """Stop many runs

     Stops the given runs, or all runs with a status. The status is 404 if no run could be stopped.

    Args:
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.
        body (RunsCancel): The runs to stop, either by `status`, or by `thread_id` together with
            `run_ids`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        body=body,
        action=action,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: models.RunsCancel | models.RunsCancelDict,
    action: CancelAction | Unset = UNSET,
) -> Any | ErrorResponse | str | None:
    """Stop many runs

     Stops the given runs, or all runs with a status. The status is 404 if no run could be stopped.

    Args:
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.
        body (RunsCancel): The runs to stop, either by `status`, or by `thread_id` together with
            `run_ids`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | str
    """

    return sync_detailed(
        client=client,
        body=body,
        action=action,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: models.RunsCancel | models.RunsCancelDict,
    action: CancelAction | Unset = UNSET,
) -> Response[Any | ErrorResponse | str]:
    """Stop many runs

     Stops the given runs, or all runs with a status. The status is 404 if no run could be stopped.

    Args:
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.
        body (RunsCancel): The runs to stop, either by `status`, or by `thread_id` together with
            `run_ids`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        body=body,
        action=action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: models.RunsCancel | models.RunsCancelDict,
    action: CancelAction | Unset = UNSET,
) -> Any | ErrorResponse | str | None:
    """Stop many runs

     Stops the given runs, or all runs with a status. The status is 404 if no run could be stopped.

    Args:
        action (CancelAction | Unset): `interrupt` (default) stops the run; `rollback` stops it
            and deletes it with its checkpoints.
        body (RunsCancel): The runs to stop, either by `status`, or by `thread_id` together with
            `run_ids`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse | str
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            action=action,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
