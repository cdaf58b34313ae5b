"""A department's system in Python, with the client that openapi-python-client makes from the API's document.

Run with the address and the key, beside the made package; says what it found as JSON.
"""

import json
import sys

from xinlian_client import AuthenticatedClient
from xinlian_client.api.default import list_changes, list_shares

base_url, key = sys.argv[1:]
client = AuthenticatedClient(base_url=base_url, token=key)

shares = list_shares.sync(client=client)
changes = []
after = None
while True:
    page = list_changes.sync(client=client, limit=1, **({"after": after} if after else {}))
    changes.extend(page.changes)
    after = page.next_ or None
    if not after:
        break
print(
    json.dumps(
        {
            "shares": [share.number for share in shares.shares],
            "changes": [change.record for change in changes],
        }
    )
)
