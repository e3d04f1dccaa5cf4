"""Who can log in to the demo is told in full where it starts."""

from childcare_api.demo.people import COMMUNES, DEMO_PEOPLE
from childcare_api.demonstration import people


def test_everybody_who_may_log_in_is_named_and_no_line_is_longer_than_a_terminal():
    lines = people()
    named, place = set(), ""
    for line in lines:
        place, posts = line[4:16].strip() or place, line[17:].split()
        named |= {f"{place}.{post}" for post in posts}
    collaborators = {
        f"{commune.key}.collaborator-{number}" for commune in COMMUNES for number in range(1, len(commune.villages) + 1)
    }
    assert named == {person.username for person in DEMO_PEOPLE} | collaborators
    assert {"sa-pa.collaborator-1", "sa-pa.administrator", "lao-cai.province-leader"} <= named
    assert max(map(len, lines)) <= 79
