"""What the JSON Schema of Open Badges 3.0 asks of the classes that our credentials use, transcribed from the specification's data model.

Stricter than the official one in two things: no property is allowed beside those we write, and proofs must come as an array.
"""

TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
TEXT, URI = {"type": "string", "minLength": 1}, {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
ACHIEVEMENTS = [
    "Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award", "Badge", "BachelorDegree",
    "Certificate", "CertificateOfCompletion", "Certification", "CommunityService", "Competency", "Course", "CoCurricular", "Degree", "Diploma",
    "DoctoralDegree", "Fieldwork", "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "License", "Membership",
    "ProfessionalDoctorate", "QualityAssuranceCredential", "MasterCertificate", "MasterDegree", "MicroCredential", "ResearchDoctorate",
    "SecondarySchoolDiploma",
]  # fmt: skip
IDENTIFIERS = [
    "name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress", "nationalIdentityNumber", "isbn", "issn",
    "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId", "ltiDeploymentId", "ltiToolId", "ltiPlatformId", "ltiUserId",
    "identifier",
]  # fmt: skip
RESULTS = [
    "GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore", "Result", "RubricCriterion",
    "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status",
]  # fmt: skip


def closed(required, **optional):
    """An object with these properties and no others."""
    return {"type": "object", "properties": required | optional, "required": sorted(required), "additionalProperties": False}


def types(name):
    return {"type": "array", "contains": {"const": name}, "items": TEXT, "minItems": 1}


def extensible(names):
    return {"anyOf": [{"enum": names}, {"type": "string", "pattern": r"^(ext:)[a-zA-Z0-9._-]+$"}]}


IDENTITY = closed(
    {"type": {"const": "IdentityObject"}, "hashed": {"type": "boolean"}, "identityHash": TEXT, "identityType": extensible(IDENTIFIERS)},
    salt=TEXT,
)
RESULT_DESCRIPTION = closed(
    {"id": URI, "type": types("ResultDescription"), "name": TEXT, "resultType": extensible(RESULTS)}, valueMin=TEXT, valueMax=TEXT
)
ACHIEVEMENT = closed(
    {"id": URI, "type": types("Achievement"), "name": TEXT, "description": TEXT, "criteria": closed({}, id=URI, narrative=TEXT)},
    achievementType=extensible(ACHIEVEMENTS),
    creditsAvailable={"type": "number"},
    inLanguage={"type": "string", "pattern": "^[a-z]{2,4}(-[A-Z]{2})?$"},
    humanCode=TEXT,
    resultDescription={"type": "array", "items": RESULT_DESCRIPTION},
)
SUBJECT = closed(
    {
        "id": URI,
        "type": types("AchievementSubject"),
        "achievement": ACHIEVEMENT,
        "identifier": {"type": "array", "items": IDENTITY, "minItems": 1},
    },
    activityStartDate=TIME,
    activityEndDate=TIME,
    creditsEarned={"type": "number"},
    licenseNumber=TEXT,
    result={"type": "array", "items": closed({"type": types("Result")}, resultDescription=URI, value=TEXT)},
)
PROOF = closed(
    {
        "type": {"const": "DataIntegrityProof"}, "cryptosuite": {"const": "eddsa-rdfc-2022"}, "created": TIME, "verificationMethod": URI,
        "proofPurpose": {"const": "assertionMethod"}, "proofValue": {"type": "string", "pattern": "^z[1-9A-HJ-NP-Za-km-z]{86,88}$"},
    }
)  # fmt: skip
CREDENTIAL = closed(
    {
        "@context": {
            "type": "array", "minItems": 2,
            "prefixItems": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {"enum": [f"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{n}.json" for n in (1, 2, 3)]},
            ],
        },
        "id": URI, "type": {"allOf": [types("VerifiableCredential"), types("OpenBadgeCredential")]}, "name": TEXT, "credentialSubject": SUBJECT,
        "issuer": closed({"id": URI, "type": types("Profile")}, name=TEXT, url=URI), "validFrom": TIME,
    },
    validUntil=TIME,
    awardedDate=TIME,
    credentialStatus=closed(
        {"id": URI, "type": {"const": "BitstringStatusListEntry"}, "statusPurpose": {"const": "revocation"},
         "statusListIndex": {"type": "string", "pattern": "^[0-9]+$"}, "statusListCredential": URI}
    ),
    proof={"type": "array", "items": PROOF, "minItems": 1},
)  # fmt: skip
