from xlbudget.audit import relations
from xlbudget.audit.paragraphs import read
from xlbudget.audit.relation import RELATIONS, findings_of

assert relations.MODULES


def audit(source):
    document = read(source)
    found = [f for one in RELATIONS.values() for f in findings_of(one, document)]
    return document, found
