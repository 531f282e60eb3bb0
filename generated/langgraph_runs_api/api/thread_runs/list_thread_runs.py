from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.run import Run
from ...models.run_field import RunField
from ...models.run_status import RunStatus
from ...types import UNSET, Response, Unset, path_segment


def _get_kwargs(
    thread_id: str,
    *,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunField] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["offset"] = offset

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    json_select: list[str] | Unset = UNSET
    if not isinstance(select, Unset):
        json_select = []
        for select_item_data in select:
            select_item: str = select_item_data
            json_select.append(select_item)

    params["select"] = json_select

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/runs".format(
            thread_id=path_segment(thread_id),
        ),
        "params": params,
    }

    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | list[Run] | str | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Run.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

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
) -> Response[ErrorResponse | list[Run] | str]:
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
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunField] | Unset = UNSET,
) -> Response[ErrorResponse | list[Run] | str]:
    """List a thread's runs

     Returns one page of a thread's runs, newest first.

    Args:
        thread_id (str): The UUID of the thread.
        limit (int | Unset): The maximum number of runs; 10 by default.
        offset (int | Unset): How many of the newest runs to skip; 0 by default.
        status (RunStatus | Unset): The status of a run. `success` includes a graph that waits at
            an interrupt; `interrupted` means cancelled.
        select (list[RunField] | Unset): The fields to return, one query parameter for each; all
            by default. The runs then have no other field, even if it is required.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | list[Run] | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        limit=limit,
        offset=offset,
        status=status,
        select=select,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunField] | Unset = UNSET,
) -> ErrorResponse | list[Run] | str | None:
    """List a thread's runs

     Returns one page of a thread's runs, newest first.

    Args:
        thread_id (str): The UUID of the thread.
        limit (int | Unset): The maximum number of runs; 10 by default.
        offset (int | Unset): How many of the newest runs to skip; 0 by default.
        status (RunStatus | Unset): The status of a run. `success` includes a graph that waits at
            an interrupt; `interrupted` means cancelled.
        select (list[RunField] | Unset): The fields to return, one query parameter for each; all
            by default. The runs then have no other field, even if it is required.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | list[Run] | str
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        limit=limit,
        offset=offset,
        status=status,
        select=select,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunField] | Unset = UNSET,
) -> Response[ErrorResponse | list[Run] | str]:
    """List a thread's runs

     Returns one page of a thread's runs, newest first.

    Args:
        thread_id (str): The UUID of the thread.
        limit (int | Unset): The maximum number of runs; 10 by default.
        offset (int | Unset): How many of the newest runs to skip; 0 by default.
        status (RunStatus | Unset): The status of a run. `success` includes a graph that waits at
            an interrupt; `interrupted` means cancelled.
        select (list[RunField] | Unset): The fields to return, one query parameter for each; all
            by default. The runs then have no other field, even if it is required.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | list[Run] | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        limit=limit,
        offset=offset,
        status=status,
        select=select,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunField] | Unset = UNSET,
) -> ErrorResponse | list[Run] | str | None:
    """List a thread's runs

     Returns one page of a thread's runs, newest first.

    Args:
        thread_id (str): The UUID of the thread.
        limit (int | Unset): The maximum number of runs; 10 by default.
        offset (int | Unset): How many of the newest runs to skip; 0 by default.
        status (RunStatus | Unset): The status of a run. `success` includes a graph that waits at
            an interrupt; `interrupted` means cancelled.
        select (list[RunField] | Unset): The fields to return, one query parameter for each; all
            by default. The runs then have no other field, even if it is required.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | list[Run] | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            limit=limit,
            offset=offset,
            status=status,
            select=select,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
