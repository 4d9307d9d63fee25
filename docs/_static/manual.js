// What is wider than its box can be scrolled by keyboard; drawers and captions say
// to a screen reader what they are.
for (const box of document.querySelectorAll('pre, .table-wrapper, .formula')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
for (const [drawer, name] of [['.sidebar-drawer', 'Pages'], ['.toc-drawer', 'On this page']]) {
    document.querySelector(drawer).ariaLabel = name;
}
for (const caption of document.querySelectorAll('.caption[role=heading]')) caption.ariaLevel = 2;
