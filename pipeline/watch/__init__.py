"""Watching: feeds polled and folders looked at for ever, what is new in them committed as it comes.

`options` says what is watched and how often, `feeds` and `folders` what is due, `local` is the loop on the local engine: small bounded
runs one after another. Beside it stand what every such loop needs: `stopping` (signals), `service` (systemd), `status` (the file that
tells how it goes), `telling` (what a person or a machine is told).
"""
