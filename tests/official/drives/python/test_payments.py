"""Invoices, and the money behind them, by Stripe's Python library."""

import stripe
from world import Drive, control


class Invoices(Drive):
    def open_invoice(self):
        subscription = self.subscribed(card="pm_card_chargeCustomerFail")
        return self.v1.invoices.retrieve(subscription.latest_invoice)

    def test_a_renewal_is_a_draft_for_an_hour_and_can_be_finalized_and_paid_before(self):
        invoices = self.v1.invoices
        subscription = self.subscribed()
        end = subscription["items"].data[0].current_period_end
        control("advance", seconds=end - self.now() + 60)
        draft = invoices.list({"subscription": subscription.id, "status": "draft"}).data[0]
        told = invoices.update(draft.id, {"description": "The second month"})
        self.assertEqual(told.description, "The second month")
        self.assert_refused(
            stripe.InvalidRequestError,
            lambda: invoices.delete(draft.id),
            code="invoice_not_editable",
        )
        self.assertEqual(invoices.finalize_invoice(draft.id, {"auto_advance": False}).status, "open")
        self.assertEqual(invoices.pay(draft.id).status, "paid")

    def test_an_open_invoice_declines_and_is_then_paid_by_another_card(self):
        invoice = self.open_invoice()
        self.assert_refused(
            stripe.CardError,
            lambda: self.v1.invoices.pay(invoice.id),
            status=402,
            code="card_declined",
            decline_code="generic_decline",
        )
        paid = self.v1.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})
        self.assertEqual(paid.status, "paid")
        payments = self.v1.invoice_payments
        payment = payments.list({"invoice": invoice.id, "status": "paid"}).data[0]
        found = payments.retrieve(payment.id, {"expand": ["payment.payment_intent"]})
        self.assertEqual(found.payment.payment_intent.amount_received, 7500)

    def test_an_open_invoice_is_voided_or_written_off(self):
        invoices = self.v1.invoices
        self.assertEqual(invoices.void_invoice(self.open_invoice().id).status, "void")
        lost = invoices.mark_uncollectible(self.open_invoice().id)
        self.assertEqual(lost.status, "uncollectible")

    def test_prorations_wait_as_invoice_items_and_lines_are_paged_through(self):
        items = [{"price": self.price(amount).id} for amount in (100, 200, 300)]
        customer = self.customer()
        subscription = self.v1.subscriptions.create({"customer": customer.id, "items": items})
        lines = self.v1.invoices.line_items.list(subscription.latest_invoice, {"limit": 1})
        self.assertEqual(len({line.id for line in lines.auto_paging_iter()}), 3)
        control("advance", days=3)
        item = subscription["items"].data[0]
        self.v1.subscriptions.update(subscription.id, {"items": [{"id": item.id, "quantity": 2}]})
        waiting = self.v1.invoice_items.list({"customer": customer.id, "pending": True, "limit": 1})
        found = [one.id for one in waiting.auto_paging_iter()]
        self.assertEqual(len(found), 2)
        self.assertEqual(self.v1.invoice_items.retrieve(found[0]).customer, customer.id)


class Money(Drive):
    def paid_charge(self, card="pm_card_visa"):
        subscription = self.subscribed(card)
        return self.v1.charges.list({"customer": subscription.customer}).data[0]

    def test_a_charge_is_given_back_in_parts_never_more_than_is_left(self):
        refunds, charge = self.v1.refunds, self.paid_charge()
        part = refunds.create({"charge": charge.id, "amount": 2500, "reason": "duplicate"})
        self.assert_refused(
            stripe.InvalidRequestError,
            lambda: refunds.create({"charge": charge.id, "amount": 5001}),
            status=400,
            param="amount",
        )
        rest = refunds.create({"payment_intent": charge.payment_intent})
        refunds.update(rest.id, {"metadata": {"case": "2"}})
        self.assertEqual(refunds.retrieve(rest.id).metadata["case"], "2")
        listed = refunds.list({"charge": charge.id, "limit": 1})
        self.assertEqual([one.id for one in listed.auto_paging_iter()], [rest.id, part.id])
        self.assertTrue(self.v1.charges.retrieve(charge.id).refunded)

    def test_a_dispute_is_answered_or_given_up(self):
        disputes = self.v1.disputes
        for close in (False, True):
            charge = self.paid_charge("pm_card_createDispute")
            control("advance", minutes=5)
            dispute = disputes.list({"charge": charge.id}).data[0]
            evidence = {"customer_name": "Ada"}
            told = disputes.update(dispute.id, {"evidence": evidence, "submit": not close})
            self.assertEqual(told.evidence.customer_name, "Ada")
            if close:
                disputes.close(dispute.id)
                self.assertEqual(disputes.retrieve(dispute.id).status, "lost")

    def test_a_payment_that_asks_who_pays_is_confirmed_with_another_card(self):
        intents = self.v1.payment_intents
        subscription = self.subscribed(card="pm_card_authenticationRequired")
        intent = intents.list({"customer": subscription.customer}).data[0]
        self.assertRegex(intents.retrieve(intent.id).status, "^requires_")
        confirmed = intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
        self.assertEqual(confirmed.status, "succeeded")
