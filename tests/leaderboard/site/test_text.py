import pytest

from leaderboard.site.text import clean


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("cannot open /home/ann/keys/a.txt", "cannot open a.txt"),
        ("FileNotFoundError: '/mnt/x y/log.eval'", "FileNotFoundError: 'x y/log.eval'"),
        ("file:///C:/Users/ann/x.eval", "x.eval"),
        (r"C:\Users\ann\x.eval is gone", "x.eval is gone"),
        ("hf//data/models/llama-3", "hf/llama-3"),
        ("vllm//data/models/llama-3 as Ann", "vllm/llama-3 as Ann"),
        ("openrouter/google/gemma-2", "openrouter/google/gemma-2"),
        ("</script> and 1/2/3 of a/b", "</script> and 1/2/3 of a/b"),
        ("https://example.org/home/ann/x", "https://example.org/home/ann/x"),
        ("half a pair \ud800, a bell \x07", "half a pair \ufffd, a bell \ufffd"),
    ],
)
def test_text_is_cleaned(raw: str, shown: str):
    assert clean(raw) == shown
