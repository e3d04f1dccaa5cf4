"""What a refusal says."""

import httpx


def code_of(answer: httpx.Response) -> str:
    """Return the name of the problem that a request was refused with."""
    code: str = answer.json()["type"].rpartition(":")[2]
    return code


def faults_of(answer: httpx.Response) -> dict[str, str]:
    """Return what is wrong with a body or a query: the code by the place."""
    assert answer.status_code in (400, 422), answer.text
    return {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}
