"""What can stop a private cluster; each says to the person at the keyboard what to do."""


class ClusterError(Exception):
    """The cluster cannot be made, started or reached; the text is a sentence for whoever started it."""


class AlreadyServed(ClusterError):  # noqa: N818 - a fact, like every problem here
    """Another process holds this data directory."""
