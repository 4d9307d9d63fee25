"""The leaderboard in the formats of others: files and folders made from the board."""

from leaderboard.exports.formats import FORMATS, export, notes, one_table

__all__ = ["FORMATS", "export", "notes", "one_table"]
