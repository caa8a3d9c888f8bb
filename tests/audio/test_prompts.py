"""How long the phone's own sentences take when they are really spoken, beside the estimate that
decides where an answer is cut.
"""

from __future__ import annotations

import io
import subprocess
import wave

import pytest

from api.ivr import portions, speech, wording

pytestmark = pytest.mark.extra

# Shorter ones differ by the silence around them.
LONG_ENOUGH_SECONDS = 5.0
SLOWEST_VOICE = "rms"


def spoken_seconds(text: str) -> float:
    """What flite's slowest voice takes, in seconds."""
    command = ["flite", "-voice", SLOWEST_VOICE, "-t", text, "-o", "/dev/stdout"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=30)
    with wave.open(io.BytesIO(done.stdout)) as sound:
        samples = len(sound.readframes(len(done.stdout))) // sound.getsampwidth()
        return float(samples / sound.getframerate())


@pytest.mark.parametrize(
    "text",
    [
        text
        for text in map(speech.plain, wording.FIXED)
        if portions.seconds(text) > LONG_ENOUGH_SECONDS
        and not text.startswith(("Le ", "En ", "Las "))
    ],
)
def test_a_prompt_takes_twelve_seconds_at_most_and_about_what_is_estimated(text: str) -> None:
    took = spoken_seconds(text)
    assert took <= portions.MOST_SECONDS
    assert 0.9 * took <= portions.seconds(text) <= 1.15 * took
