"""`renja browse`: a local, read-only web page over the published dataset."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import CleanOption, OriginalsOption, clear_errors, console, fail, latest_snapshot, originals, settings_with

_HOST = "127.0.0.1"  # this machine alone


def browse(
    clean: CleanOption = None,
    pdfs: OriginalsOption = None,
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)] = 8080,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Look at the dataset in the browser: search, compare regencies, and read each table beside the page it was printed on.

    Serves this machine alone, reads only, and needs no network. End it with Ctrl-C.

    Examples:

        renja browse

        renja browse --pdfs arsip/ --port 9000 --no-open
    """
    settings = settings_with(clean)
    with clear_errors():
        import contextlib
        import socket
        import webbrowser

        import uvicorn

        from pipeline.browse.app import create_app

        snapshot = latest_snapshot(settings)
        app = create_app(snapshot, originals(pdfs, settings))
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((_HOST, port))
            except OSError as error:
                fail(f"port {port} cannot be used ({error.strerror}); name another with --port")
            address = f"http://{_HOST}:{listening.getsockname()[1]}/"
            console().print(f"Browse {snapshot.name} at {address} (Ctrl-C ends it)", highlight=False)
            if open_browser:
                webbrowser.open(address)
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
                uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])
