import torch

from mmteach.models import CosineHead, LinearHead


def test_a_linear_head_is_affine():
    head = LinearHead(4, 3)
    h = torch.randn(5, 4)
    torch.testing.assert_close(head(h), h @ head.linear.weight.T + head.linear.bias)


def test_a_cosine_head_stays_within_its_scale():
    torch.manual_seed(0)
    head = CosineHead(4, 3, scale=10.0)
    logits = head(100 * torch.randn(500, 4))
    assert logits.abs().max() <= 10 + 1e-4
    along = head(head.directions.detach())
    torch.testing.assert_close(along.diagonal(), torch.full((3,), 10.0))
    torch.testing.assert_close(head(-head.directions.detach()).diagonal(), torch.full((3,), -10.0))


def test_a_cosine_head_does_not_mind_length():
    head, h = CosineHead(4, 3), torch.randn(5, 4)
    torch.testing.assert_close(head(h), head(1000 * h))
    with torch.no_grad():
        before = head(h)
        head.directions.mul_(7)
    torch.testing.assert_close(head(h), before)


def test_a_cosine_head_is_s_times_the_cosine():
    head, h = CosineHead(4, 3), torch.randn(5, 4)
    wanted = torch.nn.functional.cosine_similarity(h[:, None], head.directions[None], dim=-1)
    torch.testing.assert_close(head(h), 16 * wanted)


def test_an_embedding_of_zeros_gives_no_nan():
    assert (CosineHead(4, 3)(torch.zeros(2, 4)) == 0).all()
