"""What one writes first with boto3: a client for each account and region, and a pool of threads."""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import boto3
from botocore.config import Config

from tests.bench.asking import THREADS, Client, keys_of, names_in, read, regions


def client_for(keys: dict[str, str], region: str) -> Client:
    return boto3.client(
        "eks",
        region_name=region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(max_pool_connections=THREADS),
    )


def main(region_count: str, *accounts: str) -> int:
    sts = boto3.client("sts")
    with ThreadPoolExecutor(THREADS) as pool:
        held = list(pool.map(lambda each: keys_of(sts, each), accounts))
        clients = [client_for(keys, region) for keys, region in product(held, regions(int(region_count)))]
        places = zip(clients, pool.map(names_in, clients), strict=True)
        refs = [(client, name) for client, names in places for name in names]
        return len(list(pool.map(lambda ref: read(*ref), refs)))


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")
