from __future__ import annotations

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.check_database import CheckDatabase
from ...models.error_response import ErrorResponse
from ...models.server_health import ServerHealth
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    check_db: CheckDatabase | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_check_db: int | Unset = UNSET
    if not isinstance(check_db, Unset):
        json_check_db = check_db

    params["check_db"] = json_check_db

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/ok",
        "params": params,
    }

    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ServerHealth | None:
    if response.status_code == 200:
        response_200 = ServerHealth.from_dict(response.json())

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

    if response.status_code == 500:
        response_500 = ServerHealth.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ServerHealth.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | ServerHealth]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    check_db: CheckDatabase | Unset = UNSET,
) -> Response[ErrorResponse | ServerHealth]:
    """Check whether the server is up

     Responds as soon as the server can take requests. Needs no key.

    Args:
        check_db (CheckDatabase | Unset): Whether to check the database too, 1 or 0; 0 by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ServerHealth]
    """

    kwargs = _get_kwargs(
        check_db=check_db,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    check_db: CheckDatabase | Unset = UNSET,
) -> ErrorResponse | ServerHealth | None:
    """Check whether the server is up

     Responds as soon as the server can take requests. Needs no key.

    Args:
        check_db (CheckDatabase | Unset): Whether to check the database too, 1 or 0; 0 by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ServerHealth
    """

    return sync_detailed(
        client=client,
        check_db=check_db,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    check_db: CheckDatabase | Unset = UNSET,
) -> Response[ErrorResponse | ServerHealth]:
    """Check whether the server is up

     Responds as soon as the server can take requests. Needs no key.

    Args:
        check_db (CheckDatabase | Unset): Whether to check the database too, 1 or 0; 0 by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ServerHealth]
    """

    kwargs = _get_kwargs(
        check_db=check_db,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    check_db: CheckDatabase | Unset = UNSET,
) -> ErrorResponse | ServerHealth | None:
    """Check whether the server is up

     Responds as soon as the server can take requests. Needs no key.

    Args:
        check_db (CheckDatabase | Unset): Whether to check the database too, 1 or 0; 0 by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ServerHealth
    """

    return (
        await asyncio_detailed(
            client=client,
            check_db=check_db,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
