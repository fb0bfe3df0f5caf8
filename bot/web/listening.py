"""Where the server listens: a free port, the address to say, and warnings of what is open."""

from __future__ import annotations

import ipaddress
import socket

from ingest.settings import Settings

_PORTS_TRIED = 20


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port or one of the next twenty."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    candidates = [0] if port == 0 else [p for p in range(port, port + _PORTS_TRIED) if p <= 65535]
    for number in candidates:
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, number))
            found.listen(128)
        except OSError:
            found.close()
            if number == candidates[-1]:
                raise
        else:
            return found
    raise OSError(f"No free port from {port} on {host}.")


def announcement(address: str, host: str, settings: Settings, mcp: bool) -> list[str]:
    """What is said at start: where it listens, and what somebody should know before they open it."""
    lines = [f"Cupwise listens at {address}", "Stop it with Ctrl+C."]
    if mcp:
        lines.append(f"The MCP server is at {address}/gradio_api/mcp/")
    if not is_loopback(host):
        lines.append(f"Warning: anybody who can reach {host} can ask questions. Put a proxy with HTTPS in front of it.")
        if not settings.curator_password:
            lines.append("No curator password is set, so there is no Curator page (CUPWISE_CURATOR_PASSWORD).")
    return lines


def is_loopback(host: str) -> bool:
    """True where only this machine can reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
