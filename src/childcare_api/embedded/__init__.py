"""The private PostgreSQL cluster that a newcomer gets without installing one: found, made, started, adopted, stopped.

Nothing here knows what the cluster is for; roles, database and migrations are made by others over its superuser.
"""

from childcare_api.embedded.binaries import Binaries, find_binaries
from childcare_api.embedded.cluster import EmbeddedCluster, holds_cluster, running_cluster
from childcare_api.embedded.errors import AlreadyServed, ClusterError

__all__ = [
    "AlreadyServed",
    "Binaries",
    "ClusterError",
    "EmbeddedCluster",
    "find_binaries",
    "holds_cluster",
    "running_cluster",
]
