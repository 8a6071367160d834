"""Recorder: a button that records a voice in the page and hands it over as a Waveform.

The page's own machinery is asked for plain samples, which are written as a 16-bit WAV file right there: what arrives
needs no further program to be read. Nothing leaves the machine on which the notebook's kernel runs.
"""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

from mmteach.datasets import read_audio
from mmteach.errors import DataError
from mmteach.preprocess import require_sound
from mmteach.types import Waveform
from mmteach.widgets.upload import as_bytes

MAX_SECONDS = 15
STATES = {
    "idle": "Press Record and speak; it stops by itself after {seconds} seconds.",
    "asking": "The browser asks whether this page may use the microphone: choose Allow.",
    "recording": "Recording: speak, then press Stop.",
    "done": "Recorded.",
    "refused": "The microphone was refused. Click the sign beside the page's address, allow the microphone for this "
    "site, then press Record again; or upload a recording.",
    "absent": "No microphone was found: plug one in and press Record again, or upload a recording.",
    "busy": "The microphone is there but gives no sound: close other programs that use it and press Record again.",
    "insecure": "This page may not record: browsers allow it only over https or on localhost. Open JupyterLab at "
    "http://localhost, or upload a recording.",
    "silent": "Nothing was heard: check that the right microphone is chosen and not muted, and record again.",
    "short": "That was too short: press Record, speak, and press Stop when you have finished.",
    "failed": "The recording could not be made: reload the page and try again, or upload a recording.",
}

_RECORD = """
const WORKLET = `registerProcessor("mmteach-tap", class extends AudioWorkletProcessor {
  process(inputs) { if (inputs[0][0]) this.port.postMessage(inputs[0][0].slice()); return true; }
});`;

async function tap(context, source, take) {  // hand every block of samples to `take`
  try {
    const url = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    const node = new AudioWorkletNode(context, "mmteach-tap", { numberOfOutputs: 0 });
    node.port.onmessage = (event) => take(event.data);
    source.connect(node);
  } catch {  // a browser or a policy without worklets
    const node = context.createScriptProcessor(4096, 1, 1);
    node.onaudioprocess = (event) => take(event.inputBuffer.getChannelData(0).slice());
    source.connect(node);
    node.connect(context.destination);  // it is called only while connected; what it puts out is silence
  }
}

function wav(chunks, rate) {
  const n = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * n));
  const word = (at, text) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  word(0, "RIFF"); view.setUint32(4, 36 + 2 * n, true); word(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true); view.setUint16(34, 16, true); word(36, "data"); view.setUint32(40, 2 * n, true);
  let at = 44;
  for (const chunk of chunks) for (const x of chunk) {
    view.setInt16(at, Math.round(32767 * Math.max(-1, Math.min(1, x))), true);
    at += 2;
  }
  return view;
}

const WHY = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "absent",
  OverconstrainedError: "absent", NotReadableError: "busy", AbortError: "busy" };

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "mmteach-recorder";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button lm-Widget";
  button.setAttribute("data-lm-suppress-shortcuts", "true");
  const level = Object.assign(document.createElement("meter"), { min: 0, max: 1, high: 0.97, title: "level" });
  level.setAttribute("aria-label", "level of the microphone");
  const seconds = document.createElement("span");
  seconds.className = "seconds";
  const player = Object.assign(document.createElement("audio"), { controls: true });
  player.setAttribute("aria-label", "what was recorded");
  const words = document.createElement("div");
  words.setAttribute("role", "status");
  words.setAttribute("aria-live", "polite");
  box.append(button, level, seconds, player, words);
  el.append(box);

  let stream = null, context = null, chunks = [], n = 0, running = false, played = null, closed = false;
  const state = (name) => { model.set("state", name); model.save_changes(); };

  const show = () => {
    const now = model.get("state");
    running = running && now === "recording";
    button.textContent = now === "recording" ? "■ Stop" : "● Record";
    button.disabled = now === "asking";
    box.dataset.state = now;
    words.textContent = model.get("sentences")[now] ?? "";
    const bytes = model.get("wav");
    player.hidden = !(model.get("playback") && now === "done" && bytes && bytes.byteLength);
    if (!player.hidden && played !== bytes) {
      if (player.src) URL.revokeObjectURL(player.src);
      player.src = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
      played = bytes;
    }
  };

  const release = () => {
    stream?.getTracks().forEach((track) => track.stop());
    context?.close().catch(() => {});
    stream = context = null;
    level.value = 0;
  };

  const stop = () => {
    if (!running) return;
    running = false;
    const rate = Math.round(context.sampleRate), taken = chunks;
    release();
    chunks = [];
    model.set("wav", wav(taken, rate));
    model.set("n_recorded", model.get("n_recorded") + 1);
    model.save_changes();
  };

  const take = (chunk) => {
    if (!running) return;
    const room = Math.floor(model.get("max_seconds") * context.sampleRate) - n;
    chunks.push(chunk.length > room ? chunk.slice(0, room) : chunk);
    n += Math.min(chunk.length, room);
    level.value = Math.max(level.value * 0.9, ...chunk.map(Math.abs));
    seconds.textContent = `${(n / context.sampleRate).toFixed(1)} s`;
    if (chunk.length >= room) stop();
  };

  const start = async () => {
    if (!navigator.mediaDevices?.getUserMedia) return state(window.isSecureContext ? "absent" : "insecure");
    state("asking");
    try {
      // As it is: a browser's own levelling and cleaning would take away what a voice tells.
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
      if (closed) return release();
      context = new AudioContext();
      chunks = []; n = 0; running = true;
      await tap(context, context.createMediaStreamSource(stream), take);
      await context.resume();
      stream.getTracks().forEach((track) => { track.onended = stop; });  // pulled out while it records
      state("recording");
    } catch (error) {
      running = false;
      release();
      state(WHY[error.name] ?? "failed");
    }
  };

  button.addEventListener("click", () => (running ? stop() : start()));
  ["state", "sentences", "playback", "wav"].forEach((name) => model.on(`change:${name}`, show));
  show();
  return () => {
    closed = true; running = false;
    release();
    if (player.src) URL.revokeObjectURL(player.src);
    ["state", "sentences", "playback", "wav"].forEach((name) => model.off(`change:${name}`, show));
  };
}
export default { render };
"""
_LOOK = """
.mmteach-recorder { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; max-width: 100%;
  color: var(--jp-ui-font-color1); font-size: var(--jp-ui-font-size1); line-height: 1.5; }
.mmteach-recorder button { min-width: 90px; height: 28px; padding: 0 10px; border: 1px solid var(--jp-border-color1);
  border-radius: 2px; background: var(--jp-layout-color2); color: var(--jp-ui-font-color1); cursor: pointer; }
.mmteach-recorder button:focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 2px; }
.mmteach-recorder button:disabled { opacity: 0.5; cursor: default; }
.mmteach-recorder meter { width: 90px; height: 14px; }
.mmteach-recorder .seconds { min-width: 4em; font-variant-numeric: tabular-nums; }
.mmteach-recorder[data-state="recording"] button { border-color: var(--jp-error-color1); }
.mmteach-recorder:not([data-state="recording"]) meter, .mmteach-recorder:not([data-state="recording"]) .seconds {
  display: none; }
.mmteach-recorder audio { height: 32px; max-width: 260px; }
.mmteach-recorder audio[hidden] { display: none; }
.mmteach-recorder [role="status"] { flex-basis: 100%; }
"""


class Recorder(anywidget.AnyWidget):
    """Record from the microphone, at most 15 seconds.

    Parameters
    ----------
    on_recording : called with each recording in which something is to be heard.
    playback : show a player for what was recorded.

    Attributes
    ----------
    recording : Waveform, the last in which something was to be heard; None before.
    state : a key of STATES, which says it in words.
    wav : bytes of the last file that came from the page.
    """

    _esm, _css = _RECORD, _LOOK
    wav = traitlets.Bytes(b"").tag(sync=True, from_json=as_bytes)
    n_recorded = traitlets.Int(0).tag(sync=True)  # two recordings may hold the same bytes
    state = traitlets.Unicode("idle").tag(sync=True)
    sentences = traitlets.Dict().tag(sync=True)
    max_seconds = traitlets.Int(MAX_SECONDS).tag(sync=True)
    playback = traitlets.Bool(True).tag(sync=True)

    def __init__(self, on_recording: Callable[[Waveform], None] = lambda waveform: None, playback: bool = True) -> None:
        self.on_recording = on_recording
        self.recording: Waveform | None = None
        super().__init__(sentences=_sentences(), playback=playback)

    @traitlets.observe("n_recorded")
    def _came(self, change: dict[str, int]) -> None:
        if change["new"]:
            self.take(bytes(self.wav))

    def take(self, content: bytes) -> None:
        """Take a recording as the page sends it; one that cannot be used is a state with its sentence."""
        try:
            waveform = read_audio(content)
        except DataError as error:
            self._end("short" if "no sound" in str(error) else "failed")
            return
        try:
            require_sound(waveform, round(0.1 * waveform.sample_rate))
        except DataError as error:
            self._end("silent" if "silent" in str(error) else "short")
            return
        self.recording = waveform
        self._end("done", f"Recorded {len(waveform.samples) / waveform.sample_rate:.1f} seconds.")
        self.on_recording(waveform)

    def _end(self, state: str, sentence: str | None = None) -> None:
        with self.hold_sync():
            self.sentences = _sentences() | ({state: sentence} if sentence else {})
            self.state = state


def _sentences() -> dict[str, str]:
    return {state: words.format(seconds=MAX_SECONDS) for state, words in STATES.items()}
