"""The limits of what comes in, each at its edge: rate, times, networks, chunks, FFmpeg."""

import asyncio
import resource
import subprocess
from contextlib import suppress
from pathlib import Path

import imageio_ffmpeg
import psutil
import pytest
import uvloop
from hypothesis import example, given
from hypothesis import strategies as st

from video.ingest.gate import MOST_CONNECTS, MOST_WRONG_KEYS, Gate, network_of
from video.ingest.meters import AHEAD_MS, BURST_S, MediaClock, Rate, TooFast
from video.ingest.packager import LARGEST_FILE_MB, Packager, Stuck
from video.ingest.probing import OddSize, Picture, Unshowable, probe
from video.ingest.recipes import FLV
from video.ingest.rtmp import amf
from video.ingest.rtmp.chunks import Chunks, Kind, Message, chunked
from video.ingest.rtmp.flv import HEADER
from video.ingest.rtmp.refusals import BadMessage


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_a_rate_is_an_average_of_some_seconds() -> None:
    watch = Watch()
    rate = Rate(1_000, watch)
    rate.take(1_000 * BURST_S)
    with pytest.raises(TooFast):
        rate.take(1)
    rate = Rate(1_000, watch)
    for _ in range(100):
        rate.take(1_000)
        watch.at += 1


def test_a_jump_of_the_encoders_clock_is_none_of_the_pictures() -> None:
    watch = Watch()
    clock = MediaClock(watch)
    hours = 100 * 3_600_000
    assert [clock.at(t) for t in (hours, hours + 40, hours + 80)] == [0, 40, 80]
    assert clock.at(80) == 120  # the encoder's clock began anew
    assert clock.at(hours) == 160
    assert clock.at(hours - 10) == 150  # sound is a little earlier than its picture


def test_nothing_comes_before_its_time() -> None:
    watch = Watch()
    clock = MediaClock(watch)
    clock.at(0)
    with pytest.raises(TooFast):
        for at in range(0, AHEAD_MS + 2_001, 1_000):
            clock.at(at)
    watch.at += 2
    assert clock.at(AHEAD_MS + 2_000) == AHEAD_MS + 2_000


def test_networks_are_counted_by_the_minute() -> None:
    watch = Watch()
    gate = Gate(watch)
    for _ in range(MOST_CONNECTS):
        assert gate.enter("a")
        gate.leave("a")
    assert not gate.enter("a")
    assert gate.enter("b")
    watch.at += 61
    assert gate.enter("a")


def test_wrong_keys_are_counted_by_the_minute() -> None:
    watch = Watch()
    gate = Gate(watch)
    for _ in range(MOST_WRONG_KEYS):
        assert not gate.is_guessing("a")
        gate.wrong_key("a")
    assert gate.is_guessing("a")
    assert not gate.is_guessing("b")
    watch.at += 61
    assert not gate.is_guessing("a")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_person_has(address: str, network: str) -> None:
    assert network_of(address) == network


def messages(data: bytes, most: int = 50) -> list[Message]:
    """Return the messages of a connection up to where it breaks off or is refused."""

    async def read() -> list[Message]:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        chunks = Chunks(reader)
        found: list[Message] = []
        with suppress(BadMessage, asyncio.IncompleteReadError):
            while len(found) < most:
                found.append(await chunks.message())
        return found

    return asyncio.run(read())


def test_messages_come_out_of_their_chunks() -> None:
    long = bytes(range(256)) * 3
    assert messages(chunked(Kind.VIDEO, long) + chunked(Kind.AUDIO, b"ab", number=4)) == [
        (Kind.VIDEO, 0, long),
        (Kind.AUDIO, 0, b"ab"),
    ]


def test_times_of_more_than_four_hours_stand_in_every_chunk() -> None:
    at = 5 * 3_600_000
    head = b"\x04\xff\xff\xff" + (200).to_bytes(3) + b"\x09" + bytes(4) + at.to_bytes(4)
    first = head + bytes(128) + b"\xc4" + at.to_bytes(4) + bytes(72)
    second = b"\x84\x00\x00\x21" + bytes(128) + b"\xc4" + bytes(72)
    assert messages(first + second) == [(9, at, bytes(200)), (9, at + 33, bytes(200))]


def test_a_message_is_measured_before_it_is_kept() -> None:
    def refusal(data: bytes) -> str:
        async def read() -> str:
            reader = asyncio.StreamReader()
            reader.feed_data(data)
            reader.feed_eof()
            with pytest.raises(BadMessage) as refused:
                await Chunks(reader).message()
            return str(refused.value)

        return asyncio.run(read())

    head = b"\x03" + bytes(3) + b"\xff\xff\xff\x09" + bytes(4) + bytes(128)
    assert refusal(head) == "a message that is too large"
    many = b"".join(bytes([n]) + bytes(3) + b"\0\x01\0\x09" + bytes(132) for n in range(3, 40))
    assert refusal(many) == "too many chunk streams"
    # Three of three megabytes each, none of them whole.
    megabyte = 1024 * 1024
    size = chunked(Kind.CHUNK_SIZE, (3 * megabyte).to_bytes(4), number=2)
    part = bytes(3) + (4 * megabyte - 1).to_bytes(3) + b"\x09" + bytes(4) + bytes(3 * megabyte)
    assert refusal(size + b"".join(bytes([n]) + part for n in (4, 5, 6))) == (
        "too much under way at once"
    )


def test_an_aborted_message_is_forgotten() -> None:
    half = b"\x04" + bytes(3) + (200).to_bytes(3) + b"\x09" + bytes(4) + bytes(128)
    abort = chunked(Kind.ABORT, (4).to_bytes(4), number=2)
    assert messages(half + abort + chunked(Kind.AUDIO, b"ab", number=4)) == [(8, 0, b"ab")]


@given(st.binary(max_size=2_000))
@example(b"\x03" + bytes(3) + b"\0\0\0\x08" + bytes(4) + b"\xc3" * 100)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    messages(data)


@given(st.binary(max_size=500))
@example(b"\x03\0\x01a" * 50)
def test_no_bytes_break_the_values(data: bytes) -> None:
    with suppress(BadMessage):
        amf.read(data)


def test_values_are_read_as_they_were_written() -> None:
    values: list[amf.Value] = ["connect", 1.0, {"app": "live", "ok": True, "more": {"a": None}}]
    assert amf.read(amf.write(values)) == values


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what FFmpeg writes for a picture of 320 by 180 with sound."""
    folder = tmp_path_factory.mktemp("setup")
    words = (
        "-loglevel error -f lavfi -i testsrc2=size=320x180:rate=15 -f lavfi -i sine -t 1"
        " -c:v libx264 -pix_fmt yuv420p -c:a aac -f hls -hls_segment_type fmp4 index.m3u8"
    )
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *words.split()]
    subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL)
    return (folder / "init.mp4").read_bytes()


def judged(data: bytes, folder: Path) -> Picture:
    (folder / "init.mp4").write_bytes(data)
    return probe(folder / "init.mp4")


def test_what_was_packaged_is_read(setup: bytes, tmp_path: Path) -> None:
    assert judged(setup, tmp_path) == (320, 180)
    at = setup.index(b"avc1") + 28
    for width, height in ((320, 8), (9_000, 180), (2_560, 2_560)):
        changed = setup[:at] + width.to_bytes(2) + height.to_bytes(2) + setup[at + 4 :]
        with pytest.raises(OddSize):
            judged(changed, tmp_path)
    for other in (setup.replace(b"avc1", b"hvc1"), setup.replace(b"mp4a", b"Opus"), b"", bytes(99)):
        with pytest.raises(Unshowable):
            judged(other, tmp_path)


@given(data=st.data())
def test_no_bytes_break_the_probe(
    setup: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(setup) - 1))
    changed = setup[:at] + data.draw(st.binary(max_size=8)) + setup[at + 4 :]
    with suppress(Unshowable):
        assert max(judged(changed, tmp_path_factory.getbasetemp())) <= 2_560


def test_ffmpeg_runs_in_narrow_limits(tmp_path: Path) -> None:
    async def look() -> None:
        packager = Packager(tmp_path / "one", FLV)
        await packager.start()
        try:
            await packager.feed(HEADER)
            while "ffmpeg" not in psutil.Process(packager.process.pid).exe():  # it keeps the first
                await asyncio.sleep(0.05)
            process = psutil.Process(packager.process.pid)
            mb = 1024 * 1024
            assert process.rlimit(resource.RLIMIT_AS) == (FLV.memory_mb * mb,) * 2
            assert process.rlimit(resource.RLIMIT_FSIZE) == (LARGEST_FILE_MB * mb,) * 2
            assert process.rlimit(resource.RLIMIT_CORE) == (0, 0)
            assert process.nice() > psutil.Process().nice()
            assert set(process.environ()) <= {"PATH", "LC_CTYPE"}
            words = process.cmdline()
            assert words[words.index("-protocol_whitelist") + 1] == "pipe"
            assert words[words.index("-format_whitelist") + 1] == "flv"
        finally:
            packager.kill()
            await packager.close()

    asyncio.run(look())


def test_a_pipe_that_was_just_closed_takes_nothing(tmp_path: Path) -> None:
    """FFmpeg is gone, and the loop has not heard of that yet."""

    async def feeding() -> None:
        packager = Packager(tmp_path / "one", FLV)
        await packager.start()
        try:
            assert packager.process.stdin
            packager.process.stdin.transport.abort()
            await asyncio.sleep(0)
            assert packager.runs
            with pytest.raises(Stuck):
                await packager.feed(HEADER)
        finally:
            packager.kill()
            await packager.close()

    uvloop.run(feeding())


def test_ffmpeg_without_memory_is_found_out(tmp_path: Path) -> None:
    async def starve() -> None:
        packager = Packager(tmp_path / "one", FLV._replace(memory_mb=40))
        await packager.start()
        try:
            with pytest.raises(Stuck):
                for _ in range(2_000):
                    await packager.feed(bytes(1_000))
                    await asyncio.sleep(0.01)
        finally:
            await packager.close()

    asyncio.run(starve())
    assert list((tmp_path / "one").iterdir()) == []
