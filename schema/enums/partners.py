"""How changes leave, and how far those who are told have come."""

from enum import Enum

from api.syndication.acting import PartnerStatus
from api.syndication.models import RecallStatus
from api.syndication.rehearsing import RehearsalStep
from api.syndication.webhooks.events import WebhookEvent
from api.syndication.webhooks.models import DeliveryState

MEANINGS: dict[type[Enum], tuple[str, dict[str, str]]] = {
    WebhookEvent: (
        "What a webhook may be told of; the name that is sent stands with each.",
        {
            "ARTICLE_PUBLISHED": "`article.published`: an article went live.",
            "ARTICLE_UPDATED": "`article.updated`: what copies show has changed, its address too.",
            "ARTICLE_CORRECTED": "`article.corrected`: something was wrong, and is said so.",
            "ARTICLE_WITHDRAWN": "`article.withdrawn`: it was taken down, with an explanation; drop the copy.",
            "ARTICLE_GONE": "`article.gone`: it is gone, for good or by law; drop the copy.",
            "ARTICLE_MOVED": "`article.moved`: it was taken down, as something else took its place; lead to `movedTo`.",
            "ARTICLE_ERASED": "`article.erased`: it was erased, and nothing is said of it; drop the copy.",
            "RECALL_OPENED": "`recall.opened`: a take-down of something that you hold waits for your answer.",
            "SOURCE_RETRACTED": "`source.retracted`: a source was retracted; for the clinic's own webhooks.",
            "REVIEW_DUE": "`review.due`: a live article's review is overdue; for the clinic's own webhooks.",
            "COMMENT_PENDING": "`comment.pending`: a comment waits; for the clinic's own webhooks.",
            "WEBHOOK_TEST": "`webhook.test`: nothing has happened; sent when sendTestEvent is called.",
        },
    ),
    DeliveryState: (
        "Where a delivery is on its way.",
        {
            "PENDING": "It will be sent, or sent again.",
            "DELIVERED": "It was answered with 2xx.",
            "FAILED": "It was given up, after the last try or because the webhook was switched off; replay it.",
        },
    ),
    PartnerStatus: (
        "How a partner stands.",
        {
            "INVITED": "It has yet to accept the terms by its link.",
            "SANDBOX": "It has a key, and full texts once its rehearsal is passed.",
            "ACTIVE": "Its keys open what its grant says.",
            "SUSPENDED": "Its keys open nothing.",
        },
    ),
    RecallStatus: (
        "How far a take-down has come with one partner.",
        {
            "PENDING": "The partner has not received it yet.",
            "NOTIFIED": "The partner has received it: a webhook was answered, or a cursor is past it.",
            "ACKNOWLEDGED": "The copy is gone: the partner said so, or it was seen.",
            "BREACHED": "The deadline passed and nobody said that the copy is gone.",
            "LIFTED": "The article is live again, so nothing is owed any more.",
        },
    ),
    RehearsalStep: (
        "What is rehearsed.",
        {
            "PUBLISH": "The article is published.",
            "CORRECT": "Its mistake is corrected.",
            "RECALL": "It is withdrawn for safety, and must be taken down.",
        },
    ),
}
