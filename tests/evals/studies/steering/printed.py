"""What follows from Table 15 of the Value Portrait paper, worked out apart from the code."""

FIGURES = {
    "mean on target": 0.473,
    "rises most": ("Universalism", "Power", "Hedonism", "Self-Direction"),
    "mean absolute off target": 28.01 / 90,
    "off target for each point on target": 28.01 / 9 / 4.73,
    "means by steps": (0.473, 0.2485, -0.015, 0.027, -0.2345, -0.175),
    "circle": 0.4803,
}
