"""Checkout, the billing portal, subscriptions and schedules by Stripe's Python library."""

import stripe
from world import Drive, control


class Checkout(Drive):
    def opened(self, **more):
        return self.v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "line_items": [{"price": self.price().id, "quantity": 1}],
                "success_url": "https://example.com/done",
                **more,
            }
        )

    def test_a_session_is_opened_paid_on_its_page_and_shows_what_came_of_it(self):
        sessions = self.v1.checkout.sessions
        session = self.opened(customer_email="ada@example.com", metadata={"order": "1"})
        control(f"checkout/{session.id}", card="4242424242424242")
        paid = sessions.retrieve(session.id, {"expand": ["subscription.latest_invoice"]})
        self.assertEqual(paid.subscription.latest_invoice.amount_paid, 7500)
        self.assertEqual(sessions.line_items.list(session.id).data[0].amount_total, 7500)
        listed = sessions.list({"customer": paid.customer})
        self.assertEqual([one.id for one in listed.data], [session.id])

    def test_a_session_is_closed_and_cannot_be_closed_twice(self):
        session = self.opened(expires_at=self.now() + 3600)
        self.assertEqual(self.v1.checkout.sessions.expire(session.id).status, "expired")
        self.assert_refused(
            stripe.InvalidRequestError,
            lambda: self.v1.checkout.sessions.expire(session.id),
            status=400,
        )

    def test_a_payment_is_made_once_and_a_card_put_on_file(self):
        sessions = self.v1.checkout.sessions
        product = {"currency": "usd", "unit_amount": 1500, "product_data": {"name": "Printed map"}}
        price = self.v1.prices.create(product)
        session = sessions.create(
            {
                "mode": "payment",
                "line_items": [{"price": price.id, "quantity": 2}],
                "success_url": "https://example.com/done",
                "payment_intent_data": {"metadata": {"order": "python"}},
            }
        )
        control(f"checkout/{session.id}", card="4242424242424242")
        paid = sessions.retrieve(session.id, {"expand": ["payment_intent"]})
        self.assertEqual(paid.payment_intent.amount_received, 3000)
        self.assertEqual(paid.payment_intent.metadata["order"], "python")
        session = sessions.create(
            {"mode": "setup", "currency": "usd", "success_url": "https://example.com/done"}
        )
        control(f"checkout/{session.id}", card="4242424242424242")
        done = sessions.retrieve(session.id, {"expand": ["setup_intent"]})
        self.assertEqual(done.setup_intent.status, "succeeded")

    def test_the_billing_portal_is_configured_and_opened(self):
        portal = self.v1.billing_portal
        features = {"invoice_history": {"enabled": True}, "payment_method_update": {"enabled": True}}
        configuration = portal.configurations.create({"features": features})
        changed = portal.configurations.update(configuration.id, {"metadata": {"from": "python"}})
        self.assertEqual(changed.metadata["from"], "python")
        self.assertTrue(portal.configurations.retrieve(configuration.id).active)
        listed = portal.configurations.list({"active": True})
        self.assertIn(configuration.id, [one.id for one in listed.auto_paging_iter()])
        session = portal.sessions.create(
            {"customer": self.customer().id, "configuration": configuration.id}
        )
        self.assertEqual(session.configuration, configuration.id)


class Subscriptions(Drive):
    def test_a_subscription_changes_its_plan_by_a_preview_that_holds_and_ends(self):
        subscription = self.subscribed(metadata={"user_id": "1"})
        item = subscription["items"].data[0]
        change = {
            "items": [{"id": item.id, "price": self.price(14_500).id}],
            "proration_behavior": "always_invoice",
            "proration_date": item.current_period_start,
        }
        preview = self.v1.invoices.create_preview(
            {"subscription": subscription.id, "subscription_details": change}
        )
        changed = self.v1.subscriptions.update(
            subscription.id, {**change, "expand": ["latest_invoice"]}
        )
        self.assertEqual(changed.latest_invoice.amount_paid, preview.amount_due)
        items = self.v1.subscription_items.list({"subscription": subscription.id, "limit": 1})
        self.assertEqual([one.id for one in items.auto_paging_iter()], [item.id])
        ended = self.v1.subscriptions.cancel(
            subscription.id, {"cancellation_details": {"comment": "Enough"}}
        )
        self.assertEqual(ended.status, "canceled")

    def test_a_trial_without_a_card_pauses_and_goes_on_when_there_is_one(self):
        customer = self.v1.customers.create()
        trial = self.v1.subscriptions.create(
            {
                "customer": customer.id,
                "items": [{"price": self.price().id}],
                "trial_period_days": 5,
                "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
            }
        )
        control("advance", days=5, hours=1)
        self.assertEqual(self.v1.subscriptions.retrieve(trial.id).status, "paused")
        card = self.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
        settings = {"default_payment_method": card.id}
        self.v1.customers.update(customer.id, {"invoice_settings": settings})
        self.assertEqual(self.v1.subscriptions.resume(trial.id).status, "active")

    def test_subscriptions_are_paged_through_forward_and_backward(self):
        customer, price = self.customer(), self.price()
        made = [
            self.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]}).id
            for _ in range(5)
        ]
        wanted = {"customer": customer.id, "status": "all", "limit": 2}
        forward = self.v1.subscriptions.list(wanted)
        self.assertEqual([one.id for one in forward.auto_paging_iter()], made[::-1])
        backward = self.v1.subscriptions.list({**wanted, "ending_before": made[0]})
        self.assertEqual([one.id for one in backward.auto_paging_iter()], made[1:])


class Schedules(Drive):
    def test_a_schedule_turns_one_plan_into_another_and_is_released(self):
        schedules = self.v1.subscription_schedules
        subscription = self.subscribed()
        schedule = schedules.create({"from_subscription": subscription.id})
        phase = schedule.phases[0]
        item = {"price": phase["items"][0].price, "quantity": 1}
        later = {"price": self.price(14_500).id, "quantity": 1}
        planned = schedules.update(
            schedule.id,
            {
                "end_behavior": "release",
                "phases": [
                    {"items": [item], "start_date": phase.start_date, "end_date": phase.end_date},
                    {"items": [later], "duration": {"interval": "month", "interval_count": 1}},
                ],
            },
        )
        self.assertEqual(len(planned.phases), 2)
        self.assertEqual(schedules.retrieve(schedule.id).status, "active")
        self.assertEqual(schedules.release(schedule.id).status, "released")
        listed = schedules.list({"customer": subscription.customer})
        self.assertEqual([one.id for one in listed.data], [schedule.id])

    def test_cancelling_a_schedule_cancels_its_subscription(self):
        schedule = self.v1.subscription_schedules.create(
            {
                "customer": self.customer().id,
                "start_date": "now",
                "phases": [
                    {
                        "items": [{"price": self.price().id}],
                        "duration": {"interval": "month", "interval_count": 3},
                    }
                ],
            }
        )
        self.assertEqual(self.v1.subscription_schedules.cancel(schedule.id).status, "canceled")
        ended = self.v1.subscriptions.retrieve(schedule.subscription)
        self.assertEqual(ended.status, "canceled")
