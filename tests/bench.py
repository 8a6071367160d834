"""What `make bench` prints: speed, each figure as a ratio or a median within one run, with n and spread.

make bench                 everything
make bench ARGS="epoch"    one part: import, epoch, recipe, redraw, voices, exercises, lab, fusion
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]


def spread(values):
    """Median, the middle half, and n."""
    low, _, high = quantiles(values, n=4)
    return f"median {median(values):.4g} (middle half {low:.4g} to {high:.4g}, n = {len(values)})"


def bench_import():
    """Seconds of `import mmteach` and `mmteach --help` in a fresh process."""
    for said, command in (
        ("import mmteach", ["-c", "import mmteach"]),
        ("mmteach --help", ["-m", "mmteach", "--help"]),
    ):
        times = []
        for _ in range(11):
            start = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
            times.append(time.perf_counter() - start)
        print(f"{said}: {spread(times)} s; at most 0.4 is wanted")


def bench_epoch():
    """One training epoch of the fusion model against the same steps written out by hand."""
    import numpy as np
    import torch
    from torch.nn import functional as F

    from mmteach import datasets
    from mmteach.cases import faces
    from mmteach.train import schedule_factor

    dataset = datasets.load("faces")
    train = dataset.subset(datasets.plan(dataset, "identify", "first6").folds[0].train)
    made = faces.pipeline(dataset, epochs=1000)
    trainer = made.trainer(train)
    model, batch, recipe = trainer.model, trainer.train, trainer.recipe
    optimiser = torch.optim.AdamW(model.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    generator, names = torch.Generator().manual_seed(0), sorted(batch.x)

    def angular(logits, y):
        cosine = logits / 16
        true = F.one_hot(y, logits.shape[1]).bool()
        moved = torch.cos((torch.acos(cosine.clamp(-1 + 1e-6, 1 - 1e-6)) + 0.4).clamp(max=torch.pi))
        return F.cross_entropy(16 * torch.where(true, moved, cosine), y)

    def bare(step):
        """The loop that somebody would write for this one model."""
        model.train()
        for rows in torch.randperm(len(batch.ids), generator=generator).split(recipe.batch_size):
            ids = [batch.ids[i] for i in rows.tolist()]
            x = {m: made.branches[m].changed(ids, batch.x[m][rows], generator) for m in names}
            here = torch.stack([batch.present[m][rows] for m in names])
            kept = here & (torch.rand(here.shape, generator=generator) >= recipe.drop_modality)
            kept = torch.where(kept.any(dim=0, keepdim=True), kept, here)
            part = batch._replace(ids=ids, x=x, present=dict(zip(names, kept, strict=True)), y=batch.y[rows])
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * schedule_factor("one_cycle", min(1.0, step / 8000))
            out = model(part)
            own = [angular(out.unimodal[m][part.present[m]], part.y[part.present[m]]) for m in names]
            loss = angular(out.logits, part.y) + recipe.unimodal * torch.stack(own).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            step += 1
        return step

    ratios, step = [], bare(0)
    trainer.epoch()
    for _ in range(9):
        start = time.perf_counter()
        step = bare(step)
        middle = time.perf_counter()
        trainer.epoch()
        ratios.append((time.perf_counter() - middle) / (middle - start))
    print(f"training epoch, ours / bare loop: {spread(ratios)}; at most 1.15 is wanted")
    assert np.isfinite(trainer.history.column("train_loss")).all()


def bench_recipe():
    """Image file to prediction: the textbook recipe, VGG16 built anew for each image, against ours."""
    import torch
    from PIL import Image
    from torch import nn
    from torchvision.models import vgg16

    from mmteach import datasets
    from mmteach.cases import faces
    from mmteach.datasets import Row
    from mmteach.pipeline import Pipeline

    dataset = datasets.load("faces")
    few = dataset.subset(range(60))
    made = faces.pipeline(few, epochs=1)
    made.fit(few)
    with tempfile.TemporaryDirectory() as folder:
        made = Pipeline.load(made.save(Path(folder) / "model.mmt"))
    files = [row.media["image"] for row in dataset.rows[100:120]]
    head = nn.Sequential(nn.Flatten(), nn.Linear(512 * 7 * 7, 256), nn.ReLU(), nn.Linear(256, 40)).eval()

    def textbook(file):
        picture = Image.open(file).convert("RGB")
        picture = picture.crop((4, 4, picture.width - 4, picture.height - 4)).rotate(5).resize((64, 64))
        x = (
            torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8).view(1, 64, 64, 3).permute(0, 3, 1, 2)
            / 255
        )
        network = vgg16(weights=None).eval()
        return head(network.avgpool(network.features(x))).softmax(dim=1)

    def ours(file):
        return made.predict([Row(id="photo", media={"image": file}).read()], contributions=False)

    with torch.inference_mode():
        times = {"textbook": [], "ours": []}
        textbook(files[0]), ours(files[0])
        for file in files:
            for name, predict in (("textbook", textbook), ("ours", ours)):
                start = time.perf_counter()
                predict(file)
                times[name].append(1000 * (time.perf_counter() - start))
    for name, values in times.items():
        print(f"image file to prediction, {name}: {spread(values)} ms")
    print(f"textbook / ours: {median(times['textbook']) / median(times['ours']):.0f}; at least 50 is wanted")


def bench_redraw():
    """Slider step to redrawn picture, in a real browser."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from measure import redraw_times

    for widget, times in redraw_times().items():
        print(f"{widget}, slider step to redrawn picture: {spread(times)} ms; at most 120 is wanted")


def bench_voices():
    """Features of many recordings: speed against librosa, memory, the first second."""
    sys.path.insert(0, str(ROOT / "tests"))
    import bench_voices

    bench_voices.main(spread)


def bench_exercises():
    """How long a student waits for a check."""
    sys.path.insert(0, str(ROOT / "tests"))
    import bench_exercises

    bench_exercises.main(spread)


def bench_lab():
    """What the course panel costs: the server's start, an answer, JupyterLab's start with and without it."""
    sys.path.insert(0, str(ROOT / "tests"))
    import bench_lab

    bench_lab.main(spread)


def bench_fusion():
    """One training step of every fusion, encoders and all, against concat: two vectors of RAVDESS's widths."""
    import torch

    from mmteach.cases.fusions import NAMED
    from mmteach.models import ModelSpec, build_model
    from mmteach.train import Recipe, Trainer
    from mmteach.types import Batch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    shapes, n = {"audio": (555,), "face": (35,)}, 448
    encoders = {
        "audio": {"name": "mlp", "hidden": 128, "dim": 64},
        "face": {"name": "mlp", "hidden": 64, "dim": 32},
    }
    x = {m: torch.randn(n, *shape) for m, shape in shapes.items()}
    present = {m: torch.rand(n) < 0.9 for m in shapes}
    batch = Batch(tuple(map(str, range(n))), x, {}, present, torch.arange(n) % 8)
    recipe = Recipe(epochs=1000)
    trainers = {
        name: Trainer(build_model(ModelSpec(shapes, 8, encoders, fusing.spec)), batch, None, recipe)
        for name, fusing in NAMED.items()
    }
    ratios = {name: [] for name in NAMED}
    for round_ in range(10):
        times = {}
        for name, trainer in trainers.items():
            start = time.perf_counter()
            trainer.epoch()
            times[name] = time.perf_counter() - start
        if round_:  # the first warms up
            for name in NAMED:
                ratios[name].append(times[name] / times["concat"])
    for name, values in ratios.items():
        print(f"training step of {name} / of concat: {spread(values)}")


def main():
    """Run the parts asked for, each in its own process, so that none warms the next."""
    parts = {
        "import": bench_import,
        "epoch": bench_epoch,
        "recipe": bench_recipe,
        "redraw": bench_redraw,
        "voices": bench_voices,
        "exercises": bench_exercises,
        "fusion": bench_fusion,
        "lab": bench_lab,
    }
    asked = sys.argv[1:]
    if len(asked) == 1 and asked[0] in parts:
        parts[asked[0]]()
        return
    for name in asked or parts:
        subprocess.run([sys.executable, __file__, name], check=True)


if __name__ == "__main__":
    main()
