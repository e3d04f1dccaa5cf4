"""What a refusal says."""

import httpx


def code_of(answer: httpx.Response) -> str:
    """Return the name of the problem that a request was refused with."""
    code: str = answer.json()["type"].rpartition(":")[2]
    return code


def faults_of(answer: httpx.Response) -> dict[str, str]:
    """Return what is wrong with a body or a query: the code by the place."""
    assert answer.status_code in (400, 422), answer.text
    faults = {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}
    assert faults
    # A place in a body begins with a slash, or is the whole of it; a parameter has a name.
    in_a_body = all(place == "" or place.startswith("/") for place in faults)
    assert answer.status_code == (422 if in_a_body else 400), answer.text
    return faults
