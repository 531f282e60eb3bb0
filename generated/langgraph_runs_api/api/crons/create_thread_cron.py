from __future__ import annotations

from typing import Any

import httpx

from ... import errors, models
from ...client import AuthenticatedClient, Client
from ...models.cron import Cron
from ...models.error_response import ErrorResponse
from ...types import Response, as_json, path_segment


def _get_kwargs(
    thread_id: str,
    *,
    body: models.ThreadCronCreate | models.ThreadCronCreateDict,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/runs/crons".format(
            thread_id=path_segment(thread_id),
        ),
    }

    _kwargs["json"] = as_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


@errors.complete
def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Cron | ErrorResponse | str | None:
    if response.status_code == 200:
        response_200 = Cron.from_dict(response.json())

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
) -> Response[Cron | ErrorResponse | str]:
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
    body: models.ThreadCronCreate | models.ThreadCronCreateDict,
) -> Response[Cron | ErrorResponse | str]:
    """Create a cron on a thread

     Starts a run on the thread each time that the schedule says. The cron is deleted with the thread.

    Args:
        thread_id (str): The UUID of the thread.
        body (ThreadCronCreate): A cron on a thread.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Cron | ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: models.ThreadCronCreate | models.ThreadCronCreateDict,
) -> Cron | ErrorResponse | str | None:
    """Create a cron on a thread

     Starts a run on the thread each time that the schedule says. The cron is deleted with the thread.

    Args:
        thread_id (str): The UUID of the thread.
        body (ThreadCronCreate): A cron on a thread.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Cron | ErrorResponse | str
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: models.ThreadCronCreate | models.ThreadCronCreateDict,
) -> Response[Cron | ErrorResponse | str]:
    """Create a cron on a thread

     Starts a run on the thread each time that the schedule says. The cron is deleted with the thread.

    Args:
        thread_id (str): The UUID of the thread.
        body (ThreadCronCreate): A cron on a thread.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Cron | ErrorResponse | str]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: models.ThreadCronCreate | models.ThreadCronCreateDict,
) -> Cron | ErrorResponse | str | None:
    """Create a cron on a thread

     Starts a run on the thread each time that the schedule says. The cron is deleted with the thread.

    Args:
        thread_id (str): The UUID of the thread.
        body (ThreadCronCreate): A cron on a thread.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Cron | ErrorResponse | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            body=body,
        )
    ).parsed


request = _get_kwargs
"""Returns the keyword arguments with which httpx would send this call, without sending it."""
