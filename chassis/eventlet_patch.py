"""Patches the standard library for eventlet when this process is a nameko worker, and does nothing otherwise.

Has to be the first import of every ``__main__`` that can become a worker. grpcio and eventlet cannot share a process
(docs/adr/0002), so nothing but the ``worker`` command is ever patched.
"""

import sys
import warnings

# eventlet announces its retirement at every import, and nameko's client imports it; our exit plan is docs/adr/0003.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

if "worker" in sys.argv[1:2]:
    import eventlet

    eventlet.monkey_patch()
