"""Coupons, promotion codes, credit notes and balances by Stripe's Python library."""

import stripe
from world import Drive


class Discounts(Drive):
    def test_a_coupon_is_made_redeemed_by_its_code_and_taken_off_again(self):
        coupons, codes, subscriptions = self.v1.coupons, self.v1.promotion_codes, self.v1.subscriptions
        coupon = coupons.create({"percent_off": 20, "duration": "forever"})
        promotion = {"type": "coupon", "coupon": coupon.id}
        code = codes.create({"promotion": promotion, "code": "PYTHON20"})
        subscription = self.subscribed(discounts=[{"promotion_code": code.id}])
        invoice = self.v1.invoices.retrieve(subscription.latest_invoice)
        self.assertEqual(invoice.amount_paid, 6000)
        self.assertTrue(subscriptions.delete_discount(subscription.id).deleted)
        self.assertFalse(codes.update(code.id, {"active": False}).active)
        self.assertEqual(codes.retrieve(code.id).times_redeemed, 1)
        self.assertEqual([one.id for one in codes.list({"code": "PYTHON20"}).data], [code.id])
        self.assertEqual(coupons.update(coupon.id, {"name": "Late"}).name, "Late")
        self.assertEqual(coupons.retrieve(coupon.id).times_redeemed, 1)
        self.assertIn(coupon.id, [one.id for one in coupons.list({"limit": 1}).auto_paging_iter()])
        self.assertTrue(coupons.delete(coupon.id).deleted)
        found = subscriptions.search({"query": "status:'active'", "limit": 100})
        self.assertIn(subscription.id, [one.id for one in found.auto_paging_iter()])

    def test_a_paid_invoice_is_credited_in_part_as_the_preview_said(self):
        notes = self.v1.credit_notes
        subscription = self.subscribed()
        wanted = {"invoice": subscription.latest_invoice, "amount": 1000, "credit_amount": 1000}
        self.assertEqual(notes.preview(wanted).amount, 1000)
        self.assertEqual(len(notes.preview_lines.list(wanted).data), 1)
        note = notes.create(wanted)
        self.assertEqual(notes.update(note.id, {"memo": "Sorry"}).memo, "Sorry")
        self.assertEqual(notes.retrieve(note.id).type, "post_payment")
        listed = notes.list({"invoice": subscription.latest_invoice})
        self.assertEqual([one.id for one in listed.data], [note.id])
        self.assertEqual(notes.line_items.list(note.id).data[0].amount, 1000)

    def test_a_note_before_payment_can_be_voided(self):
        subscription = self.subscribed(card="pm_card_chargeCustomerFail")
        note = self.v1.credit_notes.create({"invoice": subscription.latest_invoice, "amount": 500})
        self.assertEqual(self.v1.credit_notes.void_credit_note(note.id).status, "void")

    def test_a_balance_moves_by_its_transactions(self):
        transactions, customer = self.v1.customers.balance_transactions, self.v1.customers.create()
        moved = transactions.create(customer.id, {"amount": -500, "currency": "usd"})
        self.assertEqual(transactions.retrieve(customer.id, moved.id).ending_balance, -500)
        self.assertEqual([one.id for one in transactions.list(customer.id).data], [moved.id])
        self.assert_refused(
            stripe.InvalidRequestError,
            lambda: transactions.create(customer.id, {"currency": "usd"}),
            code="parameter_missing",
            param="amount",
        )
