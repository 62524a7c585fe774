"""FLV: what RTMP carries, as a file; and what its tags say about themselves."""

from enum import Enum

from video.ingest.rtmp.chunks import Kind, Message

HEADER = b"FLV\x01\x05\0\0\0\x09\0\0\0\0"  # sound and picture
H264, AAC = 7, 10


class Tag(Enum):
    """What a tag is to us."""

    SETUP = "setup"  # what a decoder must know first
    KEY = "key"  # a picture that needs no other one
    MEDIA = "media"
    NOTHING = "nothing"  # the end of a sequence
    FOREIGN = "foreign"  # a codec that browsers need not play


def kind_of(message: Message) -> Tag:
    """Return what a message of sound or picture is."""
    if len(message.payload) < 2:
        return Tag.NOTHING
    first, second = message.payload[:2]
    if message.kind == Kind.AUDIO:
        if first >> 4 != AAC:
            return Tag.FOREIGN
        return Tag.SETUP if second == 0 else Tag.MEDIA
    if first & 0x80 or first & 0x0F != H264:  # the high bit: a newer header, for newer codecs
        return Tag.FOREIGN
    if second != 1:
        return Tag.SETUP if second == 0 else Tag.NOTHING
    return Tag.KEY if first >> 4 == 1 else Tag.MEDIA


def tag(message: Message, time_ms: int) -> bytes:
    """Return the message as a tag with another time."""
    size = len(message.payload)
    time = (time_ms & 0xFFFFFF).to_bytes(3) + bytes([time_ms >> 24 & 0x7F])
    head = bytes([message.kind]) + size.to_bytes(3) + time + b"\0\0\0"
    return head + message.payload + (size + 11).to_bytes(4)
