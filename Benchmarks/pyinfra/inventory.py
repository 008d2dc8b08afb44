"""The hosts of bench.ini, for pyinfra; the lab's key and known hosts are in the environment."""

import os

bench = [
    (
        f"bench{number}",
        {
            "ssh_hostname": f"10.255.253.{10 + number}",
            "ssh_user": "root",
            "ssh_key": os.environ["BENCH_KEY"],
            "ssh_known_hosts_file": os.environ["BENCH_KNOWN_HOSTS"],
            "ssh_strict_host_key_checking": "yes",
        },
    )
    for number in range(1, 9)
]
