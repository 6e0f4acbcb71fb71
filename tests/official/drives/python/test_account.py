"""The account, its endpoints and events, and what every call has in common, by Stripe's Python library."""

import stripe
from world import Drive, client


class Account(Drive):
    def test_an_endpoint_shows_its_secret_once_is_changed_and_goes(self):
        endpoints = self.v1.webhook_endpoints
        endpoint = endpoints.create({"url": "https://example.com/py", "enabled_events": ["*"]})
        self.assertRegex(endpoint.secret, "^whsec_")
        self.assertNotIn("secret", endpoints.retrieve(endpoint.id))
        self.assertEqual(endpoints.update(endpoint.id, {"disabled": True}).status, "disabled")
        self.assertIn(endpoint.id, [one.id for one in endpoints.list().auto_paging_iter()])
        self.assertTrue(endpoints.delete(endpoint.id).deleted)

    def test_events_are_paged_through_in_the_order_they_happened(self):
        events = self.v1.events
        before = events.list({"limit": 1}).data[0]
        subscription = self.subscribed()
        newer = events.list({"limit": 3, "ending_before": before.id})
        types = [event.type for event in newer.auto_paging_iter()]
        self.assertLess(
            types.index("customer.created"), types.index("customer.subscription.created")
        )
        event = events.list({"type": "customer.subscription.created"}).data[0]
        self.assertEqual(events.retrieve(event.id).data.object.id, subscription.id)

    def test_the_account_and_its_balance_are_told(self):
        self.assertEqual(self.v1.accounts.retrieve_current().object, "account")
        before = self.v1.balance.retrieve().pending[0].amount
        self.subscribed()
        self.assertEqual(self.v1.balance.retrieve().pending[0].amount - before, 7500)


class Wire(Drive):
    def test_the_library_and_the_simulator_speak_the_same_version(self):
        self.assertEqual(stripe.api_version, "2026-09-30.endive")
        headers = self.v1.customers.create().last_response.headers
        self.assertEqual(headers["stripe-version"], stripe.api_version)

    def test_a_call_under_the_same_key_is_carried_out_once(self):
        once = {"idempotency_key": "python-1"}
        first = self.v1.customers.create({"name": "Once"}, once)
        second = self.v1.customers.create({"name": "Once"}, once)
        self.assertEqual(second.id, first.id)
        self.assertEqual(second.last_response.headers["idempotent-replayed"], "true")
        self.assert_refused(
            stripe.IdempotencyError,
            lambda: self.v1.customers.create({"name": "Twice"}, once),
            status=400,
        )

    def test_each_refusal_becomes_the_class_of_the_library_that_it_should(self):
        v1 = self.v1
        customer, price = self.customer("pm_card_chargeCustomerFail"), self.price()
        items = [{"price": price.id}]
        invalid = stripe.InvalidRequestError
        for kind, call, expected in [
            (
                stripe.AuthenticationError,
                lambda: client("pk_live_wrong").v1.customers.list(),
                {"status": 401},
            ),
            (
                invalid,
                lambda: v1.customers.retrieve("cus_none"),
                {"status": 404, "code": "resource_missing", "param": "id"},
            ),
            (
                invalid,
                lambda: v1.customers.create({"nmae": "Ada"}),
                {"status": 400, "code": "parameter_unknown", "param": "nmae"},
            ),
            (
                invalid,
                lambda: v1.prices.create({"currency": "usd", "product_data": {"name": "None"}}),
                {"status": 400, "code": "parameter_missing", "param": "unit_amount"},
            ),
            (
                invalid,
                lambda: v1.customers.list({"limit": "x"}),
                {"status": 400, "code": "parameter_invalid_integer", "param": "limit"},
            ),
            (
                stripe.CardError,
                lambda: v1.subscriptions.create(
                    {
                        "customer": customer.id,
                        "items": items,
                        "payment_behavior": "error_if_incomplete",
                    }
                ),
                {"status": 402, "code": "card_declined", "decline_code": "generic_decline"},
            ),
        ]:
            with self.subTest(expected):
                self.assert_refused(kind, call, **expected)
