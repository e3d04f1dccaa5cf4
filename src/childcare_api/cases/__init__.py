"""The case file of one child: what Nghị định 56/2017 asks of a commune, from opening to closure."""
