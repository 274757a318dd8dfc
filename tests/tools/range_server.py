#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""range_server.py FOLDER PORT_FILE [no-range]: serves a folder over HTTP on a free port, which it writes to PORT_FILE;
answers range requests unless told not to. GET /stop ends it; so does a minute. Requests go to FOLDER/requests.txt."""
import http.server
import os
import re
import sys
import threading

folder, port_file = sys.argv[1], sys.argv[2]
ranges = len(sys.argv) < 4


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        wanted = self.headers.get("Range", "")
        with open(os.path.join(folder, "requests.txt"), "a") as log:
            log.write(f"{self.path} {wanted}\n")
        path = os.path.join(folder, self.path.lstrip("/"))
        if self.path == "/stop":
            self.send_response(200)
            self.end_headers()
            threading.Thread(target=server.shutdown).start()
            return
        if not os.path.isfile(path):
            self.send_error(404)
            return
        with open(path, "rb") as file:
            content = file.read()
        match = re.fullmatch(r"bytes=(\d+)-", wanted)
        start = int(match[1]) if match and ranges else 0
        if start > 0 and start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start > 0 else 200)
        if start > 0:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:])

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Timer(60, server.shutdown).start()
with open(port_file + ".partial", "w") as out:
    out.write(str(server.server_address[1]))
os.rename(port_file + ".partial", port_file)
server.serve_forever()
os._exit(0)
