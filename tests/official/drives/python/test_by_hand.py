"""What is written and charged by hand, and clocks of a customer's own, by Stripe's Python library."""

import time

import stripe
from world import Drive


class ByHand(Drive):
    def test_an_invoice_is_written_by_hand_sent_and_paid(self):
        invoices, items, customer = self.v1.invoices, self.v1.invoice_items, self.customer()
        invoice = invoices.create(
            {"customer": customer.id, "collection_method": "send_invoice", "days_until_due": 14}
        )
        line = {"customer": customer.id, "invoice": invoice.id, "amount": 900, "currency": "usd"}
        item, second = items.create(line), items.create(line)
        items.update(item.id, {"amount": 1300})
        self.assertTrue(items.delete(second.id).deleted)
        self.assertEqual(invoices.send_invoice(invoice.id).total, 1300)
        self.assertEqual(invoices.pay(invoice.id).status, "paid")
        found = invoices.search({"query": "status:'paid' AND total:1300"})
        self.assertEqual([one.id for one in found.data], [invoice.id])
        draft = invoices.create({"customer": customer.id})
        self.assertTrue(invoices.delete(draft.id).deleted)

    def test_the_lines_of_a_draft_are_added_changed_and_removed(self):
        invoices = self.v1.invoices
        invoice = invoices.create({"customer": self.customer().id})
        added = invoices.add_lines(invoice.id, {"lines": [{"amount": 1000}, {"amount": 500}]})
        self.assertEqual(added.total, 1500)
        first, second = (line.id for line in added.lines.data)
        changed = invoices.update_lines(invoice.id, {"lines": [{"id": first, "amount": 900}]})
        self.assertEqual(changed.total, 1400)
        line = invoices.line_items.update(invoice.id, second, {"amount": 1})
        self.assertEqual(line.amount, 1)
        removed = {"lines": [{"id": first, "behavior": "delete"}]}
        self.assertEqual(invoices.remove_lines(invoice.id, removed).total, 1)

    def test_the_items_of_a_subscription_are_changed_by_themselves(self):
        items, subscription = self.v1.subscription_items, self.subscribed()
        item = items.create({"subscription": subscription.id, "price": self.price(500).id})
        self.assertEqual(items.update(item.id, {"quantity": 3}).quantity, 3)
        self.assertEqual(items.retrieve(item.id).quantity, 3)
        self.assertTrue(items.delete(item.id).deleted)

    def test_a_payment_is_begun_changed_held_and_taken_or_given_up(self):
        intents, charges = self.v1.payment_intents, self.v1.charges
        begun = intents.create({"amount": 500, "currency": "usd", "capture_method": "manual"})
        intents.update(begun.id, {"metadata": {"order": "python"}})
        held = intents.confirm(begun.id, {"payment_method": "pm_card_visa"})
        self.assertEqual(held.status, "requires_capture")
        taken = intents.capture(begun.id)
        self.assertEqual(taken.amount_received, 500)
        charge = charges.update(taken.latest_charge, {"metadata": {"seen": "python"}})
        found = charges.search({"query": "metadata['seen']:'python'"})
        self.assertEqual([one.id for one in found.data], [charge.id])
        found = intents.search({"query": "metadata['order']:'python'"})
        self.assertEqual([one.id for one in found.data], [begun.id])
        given = intents.create({"amount": 500, "currency": "usd"})
        self.assertEqual(intents.cancel(given.id).status, "canceled")

    def test_a_card_is_set_up_for_later_or_not(self):
        intents, customer = self.v1.setup_intents, self.v1.customers.create()
        intent = intents.create({"customer": customer.id})
        intents.update(intent.id, {"metadata": {"from": "python"}})
        confirmed = intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
        self.assertEqual(confirmed.status, "succeeded")
        self.assertEqual(intents.retrieve(intent.id).metadata["from"], "python")
        self.assertEqual(intents.cancel(intents.create().id).status, "canceled")
        listed = intents.list({"customer": customer.id})
        self.assertEqual([one.id for one in listed.data], [intent.id])

    def test_refunds_that_went_through_stay_and_those_of_a_charge_are_listed(self):
        subscription = self.subscribed()
        charge = self.v1.charges.list({"customer": subscription.customer}).data[0]
        refund = self.v1.refunds.create({"charge": charge.id})
        for call in (self.v1.refunds.cancel, self.v1.test_helpers.refunds.expire):
            self.assert_refused(stripe.InvalidRequestError, lambda call=call: call(refund.id))
        # The library follows the address of the list in an expanded charge.
        expanded = self.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
        self.assertEqual([one.id for one in expanded.refunds.list().data], [refund.id])

    def test_an_issuer_warns_of_fraud(self):
        warnings = self.v1.radar.early_fraud_warnings
        subscription = self.subscribed(card="pm_card_createIssuerFraudRecord")
        charge = self.v1.charges.list({"customer": subscription.customer}).data[0]
        warning = warnings.list({"charge": charge.id}).data[0]
        self.assertEqual(warnings.retrieve(warning.id).charge, charge.id)

    def test_a_customer_lives_by_a_clock_of_its_own(self):
        clocks = self.v1.test_helpers.test_clocks
        clock = clocks.create({"frozen_time": int(time.time())})
        customer = self.v1.customers.create({"test_clock": clock.id})
        self.assertEqual(customer.test_clock, clock.id)
        clocks.advance(clock.id, {"frozen_time": clock.frozen_time + 3600})
        self.assertEqual(clocks.retrieve(clock.id).status, "ready")
        self.assertIn(clock.id, [one.id for one in clocks.list().auto_paging_iter()])
        self.assertTrue(clocks.delete(clock.id).deleted)
