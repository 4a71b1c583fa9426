"""What may stand in what in QTI 2.1, written down from the published information model for the elements we write: their attributes, and their
children in order. The official schemas are not ours to carry; this says the same of what it knows, and refuses every element it does not."""

import re

HTML_INLINE = "a abbr b big br cite code dfn em i img kbd q samp small span strong sub sup tt var m:math".split()
HTML_BLOCK = "p pre h1 h2 h3 h4 h5 h6 ol ul dl table div blockquote hr address".split()
INLINE_INTERACTIONS = ["textEntryInteraction", "inlineChoiceInteraction"]
BLOCK_INTERACTIONS = ["choiceInteraction", "matchInteraction", "orderInteraction", "extendedTextInteraction", "uploadInteraction"]


def any_of(names):
    return "(?:(?:" + "|".join(map(re.escape, names)) + ") )*"


INLINE = any_of([*HTML_INLINE, *INLINE_INTERACTIONS])
FLOW = any_of([*HTML_INLINE, *INLINE_INTERACTIONS, *HTML_BLOCK, *BLOCK_INTERACTIONS, "rubricBlock"])
STATIC = any_of([*HTML_INLINE, *HTML_BLOCK])
BLOCKS = any_of([*HTML_BLOCK, *BLOCK_INTERACTIONS, "rubricBlock", "m:math"])
EXPRESSION = "(?:(?:baseValue|variable|correct|mapResponse|sum|match|equal|and|or|gte|lte) )"
RULE = "(?:(?:responseCondition|setOutcomeValue) )"
COMMON = "id class"  # of every element in a body

# name -> (attributes it must have, attributes it may have, its children in order, whether it may hold text)
MODEL = {
    "assessmentItem": (
        "identifier title adaptive timeDependent",
        "label lang toolName toolVersion",
        "(?:responseDeclaration )*(?:outcomeDeclaration )*itemBody (?:responseProcessing )?(?:modalFeedback )*",
        False,
    ),
    "responseDeclaration": ("identifier cardinality", "baseType", "(?:correctResponse )?(?:mapping )?", False),
    "correctResponse": ("", "interpretation", "(?:value )+", False),
    "mapping": ("defaultValue", "lowerBound upperBound", "(?:mapEntry )+", False),
    "mapEntry": ("mapKey mappedValue", "caseSensitive", "", False),
    "outcomeDeclaration": ("identifier cardinality", "baseType view interpretation normalMaximum", "(?:defaultValue )?", False),
    "defaultValue": ("", "interpretation", "(?:value )+", False),
    "value": ("", "fieldIdentifier baseType", "", True),
    "itemBody": ("", COMMON, BLOCKS, False),
    "rubricBlock": ("view", COMMON + " use", any_of(HTML_BLOCK), False),
    "choiceInteraction": (
        "responseIdentifier shuffle maxChoices",
        COMMON + " minChoices orientation",
        "(?:prompt )?(?:simpleChoice )+",
        False,
    ),
    "orderInteraction": ("responseIdentifier shuffle", COMMON + " minChoices maxChoices orientation", "(?:prompt )?(?:simpleChoice )+", False),
    "simpleChoice": ("identifier", COMMON + " fixed", STATIC, True),
    "matchInteraction": (
        "responseIdentifier shuffle maxAssociations",
        COMMON + " minAssociations",
        "(?:prompt )?simpleMatchSet simpleMatchSet ",
        False,
    ),
    "simpleMatchSet": ("", COMMON, "(?:simpleAssociableChoice )*", False),
    "simpleAssociableChoice": ("identifier matchMax", COMMON + " fixed matchMin", STATIC, True),
    "textEntryInteraction": ("responseIdentifier", COMMON + " expectedLength", "", False),
    "inlineChoiceInteraction": ("responseIdentifier shuffle", COMMON, "(?:inlineChoice )+", False),
    "inlineChoice": ("identifier", COMMON + " fixed", "", True),
    "extendedTextInteraction": ("responseIdentifier", COMMON + " expectedLength expectedLines format", "(?:prompt )?", False),
    "uploadInteraction": ("responseIdentifier", COMMON + " type", "(?:prompt )?", False),
    "responseProcessing": ("", "template templateLocation", f"{RULE}*", False),
    "responseCondition": ("", "", "responseIf (?:responseElseIf )*(?:responseElse )?", False),
    "responseIf": ("", "", f"{EXPRESSION}{RULE}*", False),
    "responseElse": ("", "", f"{RULE}*", False),
    "setOutcomeValue": ("identifier", "", EXPRESSION, False),
    "baseValue": ("baseType", "", "", True),
    "variable": ("identifier", "weightIdentifier", "", False),
    "correct": ("identifier", "", "", False),
    "mapResponse": ("identifier", "", "", False),
    "sum": ("", "", f"{EXPRESSION}+", False),
    "and": ("", "", f"{EXPRESSION}+", False),
    "or": ("", "", f"{EXPRESSION}+", False),
    "match": ("", "", EXPRESSION * 2, False),
    "gte": ("", "", EXPRESSION * 2, False),
    "lte": ("", "", EXPRESSION * 2, False),
    "equal": ("toleranceMode", "tolerance includeLowerBound includeUpperBound", EXPRESSION * 2, False),
    "modalFeedback": ("outcomeIdentifier identifier showHide", "title", STATIC, True),
    "assessmentTest": ("identifier title", "toolName toolVersion", "(?:outcomeDeclaration )*(?:testPart )+", False),
    "testPart": ("identifier navigationMode submissionMode", "", "(?:assessmentSection )+", False),
    "assessmentSection": (
        "identifier title visible",
        "required fixed keepTogether",
        "(?:selection )?(?:ordering )?(?:rubricBlock )*(?:(?:assessmentItemRef|assessmentSection) )*",
        False,
    ),
    "selection": ("select", "withReplacement", "", False),
    "assessmentItemRef": ("identifier href", "category required fixed", "", False),
    # of HTML
    **dict.fromkeys("abbr b big cite code dfn em i kbd samp small span strong sub sup tt var p h1 h2 h3 h4 h5 h6 address dt".split(), ("", COMMON, INLINE, True)),
    "q": ("", COMMON + " cite", INLINE, True),
    "a": ("href", COMMON + " type", INLINE, True),
    "pre": ("", COMMON, any_of([name for name in HTML_INLINE if name not in ("img", "big", "small", "sub", "sup")]), True),
    "br": ("", COMMON, "", False),
    "hr": ("", COMMON, "", False),
    "img": ("src alt", COMMON + " width height longdesc", "", False),
    "div": ("", COMMON, FLOW, True),
    "blockquote": ("", COMMON + " cite", any_of([*HTML_BLOCK, *BLOCK_INTERACTIONS]), False),
    "ol": ("", COMMON, "(?:li )*", False),
    "ul": ("", COMMON, "(?:li )*", False),
    "li": ("", COMMON, FLOW, True),
    "dl": ("", COMMON, "(?:(?:dt|dd) )*", False),
    "dd": ("", COMMON, FLOW, True),
    "table": ("", COMMON + " summary", "(?:caption )?(?:(?:col )*|(?:colgroup )*)(?:thead )?(?:tfoot )?(?:tbody )+", False),
    "caption": ("", COMMON, INLINE, True),
    "thead": ("", COMMON, "(?:tr )+", False),
    "tbody": ("", COMMON, "(?:tr )+", False),
    "tr": ("", COMMON, "(?:(?:th|td) )+", False),
    "th": ("", COMMON + " colspan rowspan scope headers abbr axis", FLOW, True),
    "td": ("", COMMON + " colspan rowspan scope headers abbr axis", FLOW, True),
}  # fmt: skip
CHOSEN = {
    "cardinality": {"single", "multiple", "ordered", "record"},
    "baseType": set("identifier boolean integer float string point pair directedPair duration file uri intOrIdentifier".split()),
    "showHide": {"show", "hide"},
    "toleranceMode": {"exact", "absolute", "relative"},
    "navigationMode": {"linear", "nonlinear"},
    "submissionMode": {"individual", "simultaneous"},
    **{name: {"true", "false"} for name in ("adaptive", "timeDependent", "shuffle", "visible", "caseSensitive")},
}
NAME = re.compile(r"[A-Za-z_][\w.-]*")
MATHML = "{http://www.w3.org/1998/Math/MathML}"


def faults(root, namespace):
    """What in the tree breaks the model, each with its element."""
    found = list(_element(root, namespace))
    names = [one.get("identifier") for one in root.iter(f"{{{namespace}}}responseDeclaration")]
    asked = [one.get("responseIdentifier") for one in root.iter() if one.get("responseIdentifier")]
    if sorted(names) != sorted(asked):
        found.append(f"responses {names} are declared, {asked} are asked for")
    known = {one.get("identifier") for one in root.iter() if one.tag.endswith(("outcomeDeclaration", "responseDeclaration"))}
    for one in root.iter():
        if one.tag.rpartition("}")[2] in ("setOutcomeValue", "variable", "mapResponse", "correct") and one.get("identifier") not in known:
            found.append(f"{one.tag} names {one.get('identifier')!r}, which is not declared")
    return found


def _element(element, namespace):
    name = element.tag.removeprefix(f"{{{namespace}}}")
    if name not in MODEL:
        yield f"<{name}> is none of QTI's"
        return
    must, may, children, text = MODEL[name]
    given = {one for one in element.attrib if "}" not in one}
    for missing in set(must.split()) - given:
        yield f"<{name}> lacks {missing}"
    for strange in given - set(must.split()) - set(may.split()):
        yield f"<{name}> has {strange}"
    for attribute, value in element.attrib.items():
        if attribute in CHOSEN and value not in CHOSEN[attribute]:
            yield f"<{name} {attribute}={value!r}>"
        if attribute in ("identifier", "responseIdentifier", "outcomeIdentifier") and not NAME.fullmatch(value):
            yield f"<{name} {attribute}={value!r}> is no identifier"
    inside = "".join((one.tag.removeprefix(f"{{{namespace}}}") if not one.tag.startswith(MATHML) else "m:math") + " " for one in element)
    if not re.fullmatch(children, inside):
        yield f"<{name}> holds {inside}"
    texts = [element.text, *(one.tail for one in element)]
    if not text and any((one or "").strip() for one in texts):
        yield f"<{name}> holds text"
    for one in element:
        if not one.tag.startswith(MATHML):
            yield from _element(one, namespace)
