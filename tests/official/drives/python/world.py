"""Stripe's Python library on the sandbox that the drive was started with."""

import json
import os
import unittest
import urllib.request

import stripe

API = os.environ["STRIPE_API"]
SANDBOX = os.environ["SANDBOX_URL"]


def client(key="sk_test_official", **settings):
    return stripe.StripeClient(key, base_addresses={"api": API}, **settings)


def control(call, **body):
    """The control API: what no library can do, such as moving the clock."""
    request = urllib.request.Request(f"{SANDBOX}/control/{call}", json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Drive(unittest.TestCase):
    """What the drives begin with."""

    v1 = client().v1

    def customer(self, card="pm_card_visa"):
        return self.v1.customers.create(
            {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
        )

    def price(self, amount=7500):
        return self.v1.prices.create(
            {
                "currency": "usd",
                "unit_amount": amount,
                "recurring": {"interval": "month"},
                "product_data": {"name": "Prospector"},
            }
        )

    def subscribed(self, card="pm_card_visa", **more):
        customer = self.customer(card)
        items = [{"price": self.price().id}]
        return self.v1.subscriptions.create({"customer": customer.id, "items": items, **more})

    def now(self):
        """What the sandbox's clock says: the time of something just made."""
        return self.v1.products.create({"name": "Now"}).created

    def assert_refused(self, kind, call, **expected):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        found = {"status": error.http_status, "code": error.code}
        found["param"] = getattr(error, "param", None)
        found["decline_code"] = error.error.decline_code if "decline_code" in error.error else None
        self.assertEqual({**found, **expected}, found, str(error))
        self.assertRegex(error.request_id, "^req_")
