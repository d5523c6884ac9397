"""How long the schema's lists usually are, and which fields are dearer than their answers look.

Every list of things that no argument bounds has a row here (tests/schema/test_costs.py). The sizes are those of a long
article of a large clinic, rounded up; what is longer is answered all the same.
"""

SIZES = {
    "Article.authors": 2,
    "Article.citations": 8,
    "Article.conditions": 2,
    "Article.corrections": 1,
    "Article.disclaimers": 2,
    "Article.treatments": 2,
    "Body.blocks": 15,
    "Body.citations": 8,
    "Body.images": 2,
    "Body.links": 5,
    "Body.toc": 6,
    "Clinic.openingHours": 7,
    "Condition.careAdvice": 3,
    "Condition.children": 5,
    "Condition.codes": 2,
    "Condition.practitioners": 5,
    "Condition.statements": 10,
    "Delivery.attempts": 3,
    "Editorial.views": 30,
    "EvidenceStatement.sources": 3,
    "GateReport.findings": 5,
    "MediaAsset.renditions": 4,
    "PartnerGrant.topics": 5,
    "PlannedPublication.addresses": 3,
    "PlannedPublication.leansOn": 5,
    "Practitioner.credentials": 3,
    "Practitioner.offers": 5,
    "Practitioner.treats": 5,
    "PublishArticlesPayload.results": 100,
    "Revision.authors": 2,
    "Revision.citations": 8,
    "Revision.conditions": 2,
    "Revision.disclaimers": 2,
    "Revision.treatments": 2,
    "RevisionDiff.blocks": 20,
    "RevisionDiff.fields": 10,
    "Source.findings": 2,
    "Syndication.careAdvice": 3,
    "Syndication.disclaimers": 2,
    "Syndication.risks": 2,
    "Treatment.adverseOutcomes": 5,
    "Treatment.practitioners": 5,
    "Treatment.statements": 10,
    "TreatmentRisks.adverseOutcomes": 5,
}

# What a field counts beside what it answers with.
EXTRA = {
    "Article.body": 1,
    "Article.jsonLd": 20,
    "Article.related": 5,
    "Body.document": 10,
    "Body.markdown": 10,
    "Condition.jsonLd": 2,
    "Practitioner.jsonLd": 2,
    "Query.search": 20,
    "SearchConnection.didYouMean": 20,
    "SearchResult.item": 1,
    "Syndication.contentHash": 8,
    "Syndication.html": 30,
    "Syndication.text": 8,
    "Treatment.jsonLd": 2,
    # For editors: what is worked out anew whenever it is asked for.
    "Article.gateReport": 30,
    "Editorial.diff": 100,
    "Editorial.publishPlan": 100,
    "Editorial.worklist": 50,
    "Mutation.publishArticles": 500,
    "Revision.gateReport": 30,
}
# What every mutation counts: it reads, writes and commits.
MUTATION = 10
