"""Verifies or makes signatures with Stripe's Python library: what is on standard input as JSON."""

import json
import sys

import stripe


def verified(signed):
    try:
        event = stripe.Webhook.construct_event(signed["body"], signed["header"], signed["secret"])
    except stripe.SignatureVerificationError:
        return False
    return event.object == "event"


def header(wanted):
    payload = f"{wanted['timestamp']}.{wanted['body']}"
    signature = stripe.WebhookSignature._compute_signature(payload, wanted["secret"])
    return f"t={wanted['timestamp']},{stripe.WebhookSignature.EXPECTED_SCHEME}={signature}"


act = {"verify": verified, "sign": header}[sys.argv[1]]
print(json.dumps([act(one) for one in json.load(sys.stdin)]))
