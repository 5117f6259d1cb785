"""OpenTimelineIO files, written and read by the `opentimelineio` package.

    python tests/oracle/otio_oracle.py write           writes tests/golden/otio
    python tests/oracle/otio_oracle.py check FILE.otio SHOW.json
        compares the cuts of a file that `lipar project export` wrote with what `lipar project show --json` says
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "otio"
NTSC = 24000 / 1001


def span(start, duration, rate):
    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(start, rate), time(duration, rate))


def reference(name, frames, rate, start=0):
    return otio.schema.ExternalReference(target_url=f"media/{name}", available_range=span(start, frames, rate))


def gap(frames, rate):
    return otio.schema.Gap(source_range=span(0, frames, rate))


def dissolve(in_frames, out_frames, rate):
    time = otio.opentime.RationalTime
    return otio.schema.Transition(name="dissolve", transition_type="SMPTE_Dissolve", in_offset=time(in_frames, rate),
                                  out_offset=time(out_frames, rate))


def cuts():
    """A 25 FPS timeline with an NTSC source that carries a time code, a dissolve, a speed, sound and markers."""
    timeline = otio.schema.Timeline(name="cuts")
    video = otio.schema.Track(name="V1", kind="Video")
    video.append(otio.schema.Clip("street", reference("a street.mp4", 250, 25), span(25, 75, 25)))
    video.append(dissolve(6, 6, 25))
    video.append(otio.schema.Clip("ntsc", reference("ntsc.mov", 240, NTSC, start=86400), span(86424, 48, NTSC)))
    video.append(gap(13, 25))
    fast = otio.schema.Clip("fast", reference("a street.mp4", 250, 25), span(0, 50, 25))
    fast.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
    video.append(fast)
    upper = otio.schema.Track(name="V2", kind="Video")
    upper.append(gap(10, 25))
    upper.append(otio.schema.Clip("lost", otio.schema.MissingReference(), span(0, 20, 25)))
    sound = otio.schema.Track(name="A1", kind="Audio")
    sound.append(otio.schema.Clip("street", reference("a street.mp4", 250, 25), span(25, 75, 25)))
    timeline.tracks.extend([video, upper, sound])
    timeline.tracks.markers.append(otio.schema.Marker("here", span(30, 0, 25), "GREEN"))
    video[0].markers.append(otio.schema.Marker("on a clip", span(50, 1, 25), "RED"))
    return timeline


def odd():
    """What the editor has no word for."""
    timeline = otio.schema.Timeline(name="odd")
    video = otio.schema.Track(name="V1", kind="Video")
    video.append(dissolve(3, 3, 25))
    video.append(otio.schema.Clip("first", reference("a street.mp4", 250, 25), span(0, 25, 25)))
    nested = otio.schema.Stack(name="nested")
    inner = otio.schema.Track(name="inner", kind="Video")
    inner.append(otio.schema.Clip("deep", reference("a street.mp4", 250, 25), span(0, 50, 25)))
    nested.append(inner)
    video.append(nested)
    video.append(otio.schema.Clip("bars", otio.schema.GeneratorReference("bars", "SMPTEBars"), span(0, 25, 25)))
    frozen = otio.schema.Clip("frozen", reference("a street.mp4", 250, 25), span(0, 25, 25))
    frozen.effects.append(otio.schema.FreezeFrame())
    frozen.effects.append(otio.schema.Effect("blur", "Blur"))
    video.append(frozen)
    titles = otio.schema.Track(name="titles", kind="Subtitle")
    timeline.tracks.extend([video, titles])
    return timeline


def write():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for timeline in (cuts(), odd()):
        otio.adapters.write_to_file(timeline, str(GOLDEN / f"{timeline.name}.otio"))
    unknown = json.loads(Path(GOLDEN / "cuts.otio").read_text())
    unknown["tracks"]["children"][0]["children"].insert(0, {"OTIO_SCHEMA": "Hologram.7", "source_range": json.loads(
        otio.adapters.write_to_string(span(0, 10, 25), "otio_json"))})
    Path(GOLDEN / "unknown.otio").write_text(json.dumps(unknown, indent=1) + "\n")


def items_of(track):
    """(first frame on the timeline, frames, first second of the source, speed) of every clip."""
    rate = None
    for clip in track.find_clips():
        place = track.range_of_child(clip)
        rate = place.duration.rate
        speed = 1.0
        for effect in clip.effects:
            if isinstance(effect, otio.schema.LinearTimeWarp):
                speed = effect.time_scalar
        start = place.start_time.rescaled_to(rate)
        yield round(start.value), round(place.duration.value), clip.source_range.start_time.to_seconds(), speed


def check(file, shown):
    timeline = otio.adapters.read_from_file(file)
    project = json.loads(Path(shown).read_text())
    tracks = list(timeline.tracks)
    assert [track.kind.lower() for track in tracks] == [track["kind"] for track in project["tracks"]], "kinds of tracks"
    count = 0
    for track, expected in zip(tracks, project["tracks"]):
        found = list(items_of(track))
        assert len(found) == len(expected["clips"]), f"{expected['name']}: {len(found)} clips"
        for (start, frames, source, speed), clip in zip(found, expected["clips"]):
            assert start == clip["start_frame"] and frames == clip["frames"], (expected["name"], clip["name"], start, frames)
            assert abs(source - clip["source_start_s"]) < 1e-9 and abs(speed - clip["speed"]) < 1e-12, clip["name"]
            count += 1
        fades = [child for child in track if isinstance(child, otio.schema.Transition)]
        lengths = [fade.in_offset.to_seconds() + fade.out_offset.to_seconds() for fade in fades]
        wanted = [clip["cross_fade_s"] for clip in expected["clips"] if clip["cross_fade_s"] > 0]
        assert len(lengths) == len(wanted) and all(abs(a - b) < 1e-9 for a, b in zip(lengths, wanted)), "cross-fades"
    markers = [marker.marked_range.start_time.to_seconds() for marker in timeline.tracks.markers]
    assert all(abs(a - b["time_s"]) < 1e-9 for a, b in zip(markers, project["markers"])), "markers"
    rate = Fraction(project["project"]["rate"])
    assert abs(timeline.duration().to_seconds() - project["project"]["frames"] / rate) < 1e-9, "duration"
    print(f"{count} clips, {len(tracks)} tracks, {len(markers)} markers: the same cuts")


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        write()
    elif len(sys.argv) == 4 and sys.argv[1] == "check":
        check(*sys.argv[2:])
    else:
        sys.exit(__doc__)
