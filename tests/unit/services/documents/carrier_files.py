"""What a carrier sends back, made up: acknowledgments, effectuations and endings."""

from __future__ import annotations

import re

from services.documents.domain.edi.enrollment import PolicyEnrollment
from tests.unit.services.documents.policies import write

ISA = "ISA*00*          *00*          *ZZ*12345          *ZZ*PRODUCERPORTAL *261129*0735*^*00501*000000091*0*T*:~"


VERSIONS = {"BE": "005010X220A1", "FA": "005010X231A1", "RA": "005010X218"}


def group(kind: str, *transactions: str) -> str:
    head = f"GS*{kind}*12345*PORTAL*20261129*0735*91*X*{VERSIONS[kind]}~"
    return f"{head}{''.join(transactions)}GE*{len(transactions)}*91~"


def interchange(*parts: str) -> str:
    text = "".join(parts)
    return f"{ISA}{text}IEA*{text.count('GS*')}*000000091~"


def transaction(kind: str, *segments: str, number: str = "0001", version: str = "005010X231A1") -> str:
    body = "".join(f"{one}~" for one in segments)
    return f"ST*{kind}*{number}*{version}~{body}SE*{len(segments) + 2}*{number}~"


def ta1(control_number: int = 7, code: str = "A", note: str = "000") -> str:
    return f"TA1*{control_number:09d}*261128*1200*{code}*{note}~"


def acknowledgment(*segments: str, group_number: int = 501, code: str = "A", notes: str = "") -> str:
    """A 999 with what stands between AK1 and AK9."""
    end = f"AK9*{code}*1*1*{0 if code == 'R' else 1}{notes}"
    return group("FA", transaction("999", f"AK1*BE*{group_number}*005010X220A1", *segments, end))


def taken(number: int = 1001, code: str = "A", *errors: str) -> tuple[str, ...]:
    return f"AK2*834*{number}*005010X220A1", *errors, f"IK5*{code}"


def effectuation(policy: PolicyEnrollment) -> str:
    text = write([policy])
    return effectuate(text[text.index("ST*") : text.index("SE*")])


def effectuate(text: str) -> str:
    """Of a transaction as sent, as CMS has it: 021 and 28, CONFIRM, the last premium paid, the carrier's numbers."""
    segments = text.partition("~SE*")[0].rstrip("~").split("~")
    answer: list[str] = []
    for segment in segments:
        if segment.startswith("LE*"):
            answer += ["LX*99", "N1*75*ADDL MAINT REASON", "REF*17*CONFIRM", "DTP*007*D8*20261201"]
        answer.append(segment.replace("*021*EC*", "*021*28*"))
        subscriber = sum(one.startswith("INS*") for one in answer) == 1
        if subscriber and segment.startswith("DTP*348"):
            answer.append("DTP*543*D8*20261220")
        if subscriber and segment.startswith("REF*17*12"):
            answer.append("REF*ZZ*C-771")
        if subscriber and segment.startswith("REF*1L"):
            answer.append("REF*X9*C-771-01")
    return answer_834(answer)


def ending(policy: PolicyEnrollment, reason: str = "59", additional: str = "CANCEL") -> str:
    """``policy``: a cancellation or termination as we would write it."""
    text = write([policy])
    segments = text[text.index("ST*") : text.index("SE*")].split("~")[:-1]
    named = (re.sub(r"\*024\*\d\d\*", f"*024*{reason}*", one) for one in segments)
    return answer_834([re.sub(r"REF\*17\*CANCEL$|REF\*17\*TERM$", f"REF*17*{additional}", one) for one in named])


def answer_834(segments: list[str]) -> str:
    number = segments[0].split("*")[2]
    return group("BE", transaction("834", *segments[1:], number=number, version="005010X220A1"))
