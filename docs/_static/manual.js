// What is wider than its box can be scrolled by keyboard; captions of the sidebar say how deep they are.
for (const box of document.querySelectorAll('pre, .table-wrapper, .formula')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
for (const caption of document.querySelectorAll('.caption[role=heading]')) caption.ariaLevel = 2;
