"""A Sphinx extension: formulas become MathML, which browsers draw without a script."""

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

_LOGGER = logging.getLogger(__name__)
_CONVERTER = LatexToMathML(fancy_error=False)


def to_mathml(latex: str, block: bool) -> str:
    """A formula as a `<math>` element.

    Raises:
        LatexError: when the formula is not LaTeX, or has a command that is not known.
    """
    found: str = _CONVERTER.convert_with_local_state(latex, displaystyle=block)
    return found


def _visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_converted(node, block=False))
    raise nodes.SkipNode


def _visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{_converted(node, block=True)}</div>\n')
    raise nodes.SkipNode


def _converted(node: nodes.math | nodes.math_block, block: bool) -> str:
    """The formula of a node; one that cannot be set is a warning, which ends a build of ours."""
    try:
        return to_mathml(node.astext(), block)
    except LatexError as error:
        _LOGGER.warning("formula %r: %s", node.astext(), error, location=node)
        return ""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer `mathml`; both kinds of node are written on the way in."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
