"""The hosted payment page: a process and an origin of its own, and the only place where card numbers are typed.

It works without JavaScript, so a script can pay as a browser does: follow redirects, keep cookies, post forms.

1. ``GET /pay/{token}`` (the url of CreatePaymentLink) uses the link up, sets the session cookie, 303 to ``/pay``.
   A second use: 410.
2. ``GET /pay`` shows Make a Payment. ``POST /pay`` takes the fields

   - ``csrf_token``: from the form's hidden input
   - ``method``: ``card`` or ``bank``
   - ``card_number``, ``card_expires`` (MM/YY), ``card_security_code`` for a card
   - ``account_type`` (``checking`` or ``savings``), ``account_holder``, ``routing_number``, ``account_number`` for a
     bank account, and for autopay beside a card
   - ``autopay``: ``yes`` to have later premiums taken from the bank account; leave it out otherwise
   - ``payer``: who pays; ``family``, ``ryan_white``, ``tribe``, ``government``, ``foundation``, ``trustee``,
     ``employer`` or ``payment_service``
   - ``accept_terms``: ``yes``

   and answers 303 to ``/pay/review``, or 422 with the form and its mistakes.
3. ``GET /pay/review`` shows Review Payment Details; ``POST /pay/submit`` takes ``csrf_token`` and ``agree`` = ``yes``
   and answers 303 to ``PORTAL_URL/applications/{record_number}``. That redirect proves nothing: the payment's status
   comes from the processor's signed callback to ``POST /callbacks/sandbox``, or from the sweep.
   Every page is there in English and Spanish: ``GET /language/es?back=/pay`` sets a cookie, and without one the
   browser's Accept-Language decides.
4. ``POST /pay/cancel`` takes ``csrf_token``; the applicant is billed later, 303 to the application likewise.
"""
