from __future__ import annotations

from typing import Any

import httpx

from ... import errors, models
from ...client import AuthenticatedClient, Client
from ...models.cron import Cron
from ...models.error_response import ErrorResponse
from ...types import Response, as_json


def _get_kwargs(
    *,
    body: models.CronSearch | models.CronSearchDict,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/runs/crons/search",
    }

    _kwargs["json"] = as_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | list[Cron] | str | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Cron.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorResponse.from_dict(response.json())

        return response_403

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
) -> Response[ErrorResponse | list[Cron] | str]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: models.CronSearch | models.CronSearchDict,
) -> Response[ErrorResponse | list[Cron] | str]:
    """Search crons

     Returns one page of the crons that match all given fields, newest first.

    Args:
        body (CronSearch): Which crons to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | list[Cron] | str]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: models.CronSearch | models.CronSearchDict,
) -> ErrorResponse | list[Cron] | str | None:
    """Search crons

     Returns one page of the crons that match all given fields, newest first.

    Args:
        body (CronSearch): Which crons to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | list[Cron] | str
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: models.CronSearch | models.CronSearchDict,
) -> Response[ErrorResponse | list[Cron] | str]:
    """Search crons

     Returns one page of the crons that match all given fields, newest first.

    Args:
        body (CronSearch): Which crons to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | list[Cron] | str]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: models.CronSearch | models.CronSearchDict,
) -> ErrorResponse | list[Cron] | str | None:
    """Search crons

     Returns one page of the crons that match all given fields, newest first.

    Args:
        body (CronSearch): Which crons to return.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | list[Cron] | str
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
