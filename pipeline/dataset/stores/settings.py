"""How a store is reached: what its own tools take from the environment and from files of the user counts here too.

S3: `AWS_PROFILE`, `AWS_ENDPOINT_URL`, `AWS_CA_BUNDLE`, keys, roles and `~/.aws`, as botocore reads them. Google: `GOOGLE_APPLICATION_CREDENTIALS`
or the tools' own credentials. Azure: `AZURE_STORAGE_ACCOUNT_NAME` with `AZURE_STORAGE_ACCOUNT_KEY` and the like. Proxies of all: `HTTPS_PROXY`,
`HTTP_PROXY` and `NO_PROXY`. No secret is kept or shown.
"""

import datetime as dt
import importlib.util
import os
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.errors import StoreError
from pipeline.dataset.stores.store_address import Address

_NEEDED: Final = {"s3": ("obstore", "fsspec", "boto3"), "gs": ("obstore", "fsspec"), "az": ("obstore", "fsspec")}
_RETRIES: Final = {"max_retries": 8, "retry_timeout": dt.timedelta(seconds=60)}
_AWS: Final = (".amazonaws.com", ".amazonaws.com.cn")

Settings = dict[str, Any]  # what `obstore.store.from_url` takes beside the address


def settings_for(address: Address) -> Settings:
    """What leads to the store. Raises StoreError where its libraries or its credentials are missing."""
    scheme = address.scheme
    if missing := [name for name in _NEEDED[scheme] if importlib.util.find_spec(name) is None]:
        raise StoreError(
            f'{address}: what reads and writes {scheme}:// is not installed ({", ".join(missing)}); install it with pip install "factwire[{scheme}]"'
        )
    common = {"retry_config": _RETRIES}
    return common | (_of_s3(address) if scheme == "s3" else {"client_options": _client()})


def _client(endpoint: str | None = None, bundle: str | None = None) -> Settings:
    options: Settings = {"timeout": dt.timedelta(minutes=2)}
    if endpoint and endpoint.startswith("http://"):
        options["allow_http"] = True
    if bundle:
        options["root_certificate"] = Path(bundle).read_bytes()
    return options


def _of_s3(address: Address) -> Settings:
    """Endpoint, region, style of addresses, certificates and credentials as botocore finds them."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
    from obstore.auth.boto3 import Boto3CredentialProvider

    try:
        session = boto3.Session()
        client = session.client("s3", config=Config(region_name=session.region_name or "us-east-1"))
        if session.get_credentials() is None:
            raise StoreError(
                f"{address}: there are no credentials for it; set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with the tools of your provider"
            )
        bundle = session._session.get_config_variable("ca_bundle")
    except BotoCoreError as error:
        raise StoreError(f"{address}: the settings for it cannot be used ({error}); mend them in the environment or in ~/.aws") from error
    found: Settings = {"region": client.meta.region_name, "credential_provider": Boto3CredentialProvider(session)}
    endpoint = client.meta.endpoint_url
    if not endpoint.endswith(_AWS):
        found["endpoint"] = endpoint
    elif os.environ.get("AWS_S3_ADDRESSING_STYLE", "") != "path":
        found["virtual_hosted_style_request"] = True
    return found | {"client_options": _client(endpoint, bundle)}
