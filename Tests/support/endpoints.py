"""The paths of the service, as its documents name them."""

from __future__ import annotations

TOKEN = "/api/open/v3/getToken"
AVATAR_CREATE = "/api/open/v3/avatar/create"
AVATAR_RECORD = "/api/open/v3/avatar/detail"
AVATAR_LIST = "/api/open/v4/liveAvatar/avatar/list"
AVATAR_DETAIL = "/api/open/v4/liveAvatar/avatar/detail"
SESSION_CREATE = "/api/open/v4/liveAvatar/session/create"
SESSION_DETAIL = "/api/open/v4/liveAvatar/session/detail"
SESSION_CLOSE = "/api/open/v4/liveAvatar/session/close"
SESSION_LIST = "/api/open/v4/liveAvatar/session/list"
CREDIT = "/api/open/v3/faceswap/quota/info"
VOICE_RESOURCES = "/api/open/v4/voice/resource/list"
VOICE_TTS = "/api/open/v4/voice/tts"
VOICE_RESOURCE = "/api/open/v4/voice/resource/detail/"
