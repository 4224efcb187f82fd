"""Ask the MCP tools of nasa-mcp-server what an assistant would ask, and print the answers.

nasa-mcp-server has the retired host hard-wired and no setting for it. There are two ways round
that leave the package as it is; both are driven here over stdio by the MCP library's own client:

* `constant`: a launcher sets the module's constant before the server starts;
* `gateway`: the package's own command runs, with HTTPS_PROXY and SSL_CERT_FILE, which its HTTP
  library honours, leading to a stand-in for the retired host.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from gateway import gateway
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

LAUNCHER = """
import sys
from nasa_mcp import main, nasa_api
nasa_api.MARS_API = sys.argv[1] + "/mars-photos/api/v1/rovers/curiosity/photos?"
main()
"""

QUESTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "by_sol": {"sol": 1},
    "by_camera": {"sol": 1000, "camera": "navcam"},
    "by_date": {"earth_date": "2015-05-30", "camera": "RHAZ"},
    "no_photos": {"sol": 1000, "camera": "MARDI"},
}


async def ask(server: StdioServerParameters) -> dict[str, Any]:
    """Start the server and return its tools' names and the text of each answer."""
    async with (
        stdio_client(server) as (read, write),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = await session.list_tools()
        answers = {"tools": [tool.name for tool in tools.tools]}
        for name, arguments in QUESTIONS.items():
            result = await session.call_tool("get_mars_image", arguments)
            answers[name] = "".join(part.text for part in result.content if part.type == "text")
    return answers


def by_constant(base_url: str) -> dict[str, Any]:
    """Ask a server whose address was set by a launcher."""
    launcher = ["-c", LAUNCHER, base_url]
    server = StdioServerParameters(command=sys.executable, args=launcher, env=dict(os.environ))
    return asyncio.run(ask(server))


def by_gateway(base_url: str) -> dict[str, Any]:
    """Ask the package's own command, led to the server by its environment."""
    command = Path(sys.executable).with_name("nasa-mcp-server")
    with (
        tempfile.TemporaryDirectory() as folder,
        gateway(base_url, Path(folder)) as stand_in,
    ):
        environment = dict(os.environ) | {
            "https_proxy": f"http://127.0.0.1:{stand_in.port}",
            "SSL_CERT_FILE": str(stand_in.authority),
        }
        return asyncio.run(ask(StdioServerParameters(command=str(command), env=environment)))


def main(base_url: str, way: str) -> None:
    """Print the answers of the server at `base_url`, reached in the way named."""
    ways = {"constant": by_constant, "gateway": by_gateway}
    sys.stdout.write(json.dumps(ways[way](base_url)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
