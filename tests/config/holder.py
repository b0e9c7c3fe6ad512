"""One user of an embedded server: starts it, says so, waits for a line, leaves."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import psycopg

from config.embedded_postgresql.cluster import Cluster

cluster = Cluster(Path(sys.argv[1]))
cluster.lease()
cluster.start()
print("ready", cluster.run.mode, cluster.socket_dir, flush=True)
for line in sys.stdin:
    statement = line.strip()
    if statement == "leave":
        break
    with psycopg.connect(**cluster.parameters(), dbname="postgres", autocommit=True) as connection:
        found = connection.execute(statement)
        print(found.fetchone()[0] if found.description else "done", flush=True)
print("stopped" if cluster.release() else "left", flush=True)
