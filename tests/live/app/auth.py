"""Two keys that the test server rejects; it accepts every other caller, with or without a key."""

from langgraph_sdk import Auth

auth = Auth()


@auth.authenticate
async def authenticate(headers: dict[bytes, bytes]) -> Auth.types.MinimalUserDict:
    """Returns the caller, always "someone": 401 for the key "wrong-key", 403 for "forbidden-key"."""
    key = headers.get(b"x-api-key", b"")
    if key == b"wrong-key":
        raise Auth.exceptions.HTTPException(status_code=401, detail="The API key is not valid.")
    if key == b"forbidden-key":
        raise Auth.exceptions.HTTPException(status_code=403, detail="This API key may not do that.")
    return {"identity": "someone", "is_authenticated": True}
