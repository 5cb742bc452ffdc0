"""How acts come about in ``CrashStory`` that no method of a contract is, and which ones do not, and why.

The use cases of methods need no entry: each has a sample request (``tests/sample_requests``).
"""

from __future__ import annotations

_SUBMITTED = "a submission"
_PAID = "a payment on the page, of the sample of CancelAutopay"
_SIGN_IN = "signing in, looking at one's sessions and ending them"
_CANCELLED = "a cancellation"
_TWO_STEP = "two-step sign-in, turned on, used and turned off"
_OPERATOR = "a command of the operator"

REACHED: dict[str, str] = {
    "documents.NoteCancellation": _CANCELLED,
    "documents.NoteContactChange": "a change of contact details",
    "documents.NoteSubmission": _SUBMITTED,
    "documents.NoteTermination": "a termination",
    "documents.RenderApplication": _SUBMITTED,
    "enrollment.OnAutopayChanged": _PAID,
    "enrollment.OnDocumentRendered": _SUBMITTED,
    "enrollment.OnPaymentChanged": _PAID,
    "enrollment.OnProofAdded": "a document that proves a life event",
    "enrollment.OnQuoteCreated": "a quote",
    "enrollment.RunSubmission": _SUBMITTED,
    "gateway.api.account.read_notifications": "reading notifications",
    "gateway.events.event_handlers.NotificationHandler.notify": _SUBMITTED,
    "gateway.forms.drafts.FormDrafts.delete": "access that is given at last",
    "gateway.forms.drafts.FormDrafts.keep_newest": "more searches than are kept",
    "gateway.forms.drafts.FormDrafts.save": "access that is refused, and a search",
    "gateway.identity.api_clients.ApiClients.add": _OPERATOR,
    "gateway.identity.api_clients.ApiClients.issue_token": "a token for an API client",
    "gateway.identity.api_clients.ApiClients.revoke": _OPERATOR,
    "gateway.identity.api_clients.ApiClients.rotate_secret": _OPERATOR,
    "gateway.identity.delegations.Delegations.grant": "giving access to a delegate",
    "gateway.identity.delegations.Delegations.revoke": "taking it back",
    "gateway.identity.password_changes.PasswordChanges._set": "a new password",
    "gateway.identity.review_attempts.ReviewAttempts.count": "a client's answer to the question of a link",
    "gateway.identity.second_factor.SecondFactors._accept_recovery_code": _TWO_STEP,
    "gateway.identity.second_factor.SecondFactors.accept": _TWO_STEP,
    "gateway.identity.second_factor.SecondFactors.renew_codes": _TWO_STEP,
    "gateway.identity.second_factor.SecondFactors.turn_off": _TWO_STEP,
    "gateway.identity.second_factor.SecondFactors.turn_on": _TWO_STEP,
    "gateway.identity.sessions.Sessions._recognize": "a request half a minute after the last",
    "gateway.identity.sessions.Sessions.end": _SIGN_IN,
    "gateway.identity.sessions.Sessions.end_all": _SIGN_IN,
    "gateway.identity.sessions.Sessions.end_one": _SIGN_IN,
    "gateway.identity.sessions.Sessions.end_others": _SIGN_IN,
    "gateway.identity.sessions.Sessions.open": _SIGN_IN,
    "gateway.identity.sign_in.SignIn._count": _SIGN_IN,
    "gateway.identity.sign_in.SignIn._forget_attempts": _SIGN_IN,
    "gateway.identity.user_administration.UserAdministration._account": _OPERATOR,
    "gateway.identity.user_administration.UserAdministration._added": _OPERATOR,
    "gateway.notifications.deadline_feeds.DeadlineFeeds.create": "a feed of deadlines",
    "gateway.notifications.deadline_feeds.DeadlineFeeds.revoke": "its end",
    "gateway.pages.home.header_pages.mark_read": "reading notifications on the page",
    "payment.CancelPayment": "a payer who cancels on the page",
    "payment.ClosePayment": _CANCELLED,
    "payment.OpenPageSession": _PAID,
    "payment.ProcessWebhook": _PAID,
    "payment.ReceiveWebhook": _PAID,
    "payment.ReviewPayment": _PAID,
    "payment.SaveFormDraft": _PAID,
    "payment.SubmitPayment": _PAID,
}

READS = "changes nothing"
_PART = "a part of other use cases, which are the act"
_DUE = "a timer for which nothing is due in the story: its next run does what the last one did not"
_ELSEWHERE = "payments on another's page, which the story's carriers do not have"
_BROKEN = "for messages that could not be handled; which points they pass is tried on each queue"
_PROVIDER = "signing in at an organization's provider, which the story does not have: the person begins anew"
_NOT_TRIED = "not tried"

NOT_ENDED: dict[str, str] = {
    "documents.CheckTexts": READS,
    "documents.CountOverdueFiles": READS,
    "documents.DeleteExpiredDocuments": _DUE,
    "documents.DeleteOrphanBlobs": _DUE,
    "documents.GetText": READS,
    "documents.ListProofDocuments": READS,
    "documents.NoteRenderFailure": _BROKEN,
    "enrollment.AddressSearch": _PART,
    "enrollment.ConfirmPayable": READS,
    "enrollment.DeleteReviews": _DUE,
    "enrollment.ExpireApplications": _DUE,
    "enrollment.GetEnrollmentReport": READS,
    "enrollment.GetReadiness": READS,
    "enrollment.GetTimeline": READS,
    "enrollment.ListApplicants": READS,
    "enrollment.ListApplications": READS,
    "enrollment.ListAwaitedReviews": READS,
    "enrollment.ListDeadlines": READS,
    "enrollment.ListEffectiveDates": READS,
    "enrollment.OnPolicyDecided": _NOT_TRIED,
    "enrollment.ReadReview": READS,
    "enrollment.ReadRules": READS,
    "enrollment.RetryStuckSubmissions": _DUE,
    "enrollment.SearchAddresses": READS,
    "enrollment.SearchClients": READS,
    "gateway.api.account.list_notifications": READS,
    "gateway.events.event_handlers.NotificationHandler.prune": _DUE,
    "gateway.forms.drafts.FormDrafts.prune": _DUE,
    "gateway.identity.api_clients.ApiClients.list_clients": READS,
    "gateway.identity.organization_accounts.OrganizationAccounts._change_role": _PROVIDER,
    "gateway.identity.organization_accounts.OrganizationAccounts._find_new": _PROVIDER,
    "gateway.identity.organization_sign_in.OrganizationSignIn.begin": _PROVIDER,
    "gateway.identity.organization_sign_in.OrganizationSignIn._take": _PROVIDER,
    "gateway.identity.user_administration.UserAdministration.list_accounts": READS,
    "gateway.notifications.deadline_feeds.DeadlineFeeds.of": READS,
    "gateway.notifications.deadline_feeds.DeadlineFeeds.owner": READS,
    "gateway.pages.home.header_pages.bell": READS,
    "gateway.store.forwarded.AsyncForwardedMessages._forget": _BROKEN,
    "gateway.store.forwarded.AsyncForwardedMessages.attempt": _BROKEN,
    "gateway.store.forwarded.AsyncForwardedMessages.prune": _DUE,
    "gateway.store.forwarded.AsyncForwardedMessages.send_once": _BROKEN,
    "payment.FetchSubscriber": _ELSEWHERE,
    "payment.FindSubscriber": _ELSEWHERE,
    "payment.HandOverPayment": _ELSEWHERE,
    "payment.ReportOverduePayments": _DUE,
    "payment.ResumePageSession": READS,
    "payment.SweepPayments": _DUE,
    "pcp.CheckProviders": READS,
    "pcp.FindPlace": READS,
    "pcp.GetProvider": READS,
    "pcp.SearchProviders": READS,
    "quote.CheckRatingRequest": READS,
    "quote.ComparePlans": READS,
    "quote.ExpireQuotes": _DUE,
    "quote.FindCounties": READS,
    "quote.FindPlan": READS,
    "quote.GetQuoteReport": READS,
    "quote.ListQuotes": READS,
    "quote.ListShareLinks": READS,
    "quote.PriceCensus": READS,
    "quote.PriceSelection": READS,
    "quote.SearchPlans": READS,
}

POINTS_ELSEWHERE: dict[str, str] = {
    "after replay before ack": "a command of the operator: tests/integration/chassis/test_replayed_dead_letters.py",
}
