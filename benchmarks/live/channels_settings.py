"""Django as small as Channels lets it be."""

import os

SECRET_KEY = "bench"
INSTALLED_APPS = ["channels"]
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": f"channels_redis.{os.environ['CHANNELS_LAYER']}",
        # The layer waits at a connection for each listener, without a hurry.
        "CONFIG": {
            "hosts": [
                {
                    "address": os.environ["REDIS_URL"],
                    "max_connections": 9_000,
                    "socket_timeout": None,
                }
            ]
        },
    }
}
