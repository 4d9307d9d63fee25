"""The IndieValueReasoner: a language model trained to predict which statements a person chooses.

Jiang et al. (2025), Can Language Models Reason about Individualistic Human Values and
Preferences? Section 4 and appendix C.
"""
