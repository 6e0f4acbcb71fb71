"""Products, prices, customers and their cards by Stripe's Python library."""

from decimal import Decimal

import stripe
from world import Drive


class Catalogue(Drive):
    def test_a_product_is_made_found_changed_and_taken_away(self):
        products = self.v1.products
        product = products.create({"name": "Rainmaker", "metadata": {"rank": "3", "old": "yes"}})
        changed = products.update(product.id, {"metadata": {"old": "", "new": "yes"}})
        self.assertEqual(changed.metadata.to_dict(), {"rank": "3", "new": "yes"})
        self.assertEqual(products.retrieve(product.id).name, "Rainmaker")
        self.assertEqual([one.id for one in products.list({"ids": [product.id]}).data], [product.id])
        found = products.search({"query": "metadata['rank']:'3'"})
        self.assertEqual([one.id for one in found.data], [product.id])
        self.assertTrue(products.delete(product.id).deleted)

    def test_a_price_knows_its_amount_exactly_and_can_be_looked_up_by_its_key(self):
        prices = self.v1.prices
        price = self.price(14_500)
        self.assertEqual(price.unit_amount_decimal, Decimal("14500"))
        prices.update(price.id, {"lookup_key": "python", "metadata": {"plan": "networker"}})
        found = prices.list({"lookup_keys": ["python"], "expand": ["data.product"]})
        self.assertEqual(found.data[0].product.name, "Prospector")
        searched = prices.search({"query": "metadata['plan']:'networker'"})
        self.assertEqual([one.id for one in searched.data], [price.id])
        self.assertEqual(prices.retrieve(price.id).lookup_key, "python")

    def test_a_search_is_paged_through(self):
        made = []
        for number in range(5):
            product = self.v1.products.create({"name": f"Paged {number}", "metadata": {"paged": "py"}})
            made.insert(0, product.id)
        found = self.v1.products.search({"query": "metadata['paged']:'py'", "limit": 2})
        self.assertEqual([product.id for product in found.auto_paging_iter()], made)


class Customers(Drive):
    def test_a_customer_is_made_found_changed_and_leaves_a_tombstone(self):
        customers = self.v1.customers
        customer = customers.create(
            {"email": "grace@example.com", "name": "Grace", "metadata": {"user_id": "7", "old": "yes"}}
        )
        changed = customers.update(customer.id, {"metadata": {"old": "", "new": "yes"}})
        self.assertEqual(changed.metadata.to_dict(), {"user_id": "7", "new": "yes"})
        self.assertEqual(customers.list({"email": "grace@example.com"}).data[0].id, customer.id)
        found = customers.search({"query": "email:'grace@example.com' AND metadata['user_id']:'7'"})
        self.assertEqual([one.id for one in found.data], [customer.id])
        cleared = customers.update(customer.id, {"metadata": "", "name": ""})
        self.assertEqual((cleared.metadata.to_dict(), cleared.name), ({}, None))
        self.assertTrue(customers.delete(customer.id).deleted)
        self.assertTrue(customers.retrieve(customer.id).deleted)

    def test_a_card_is_made_put_on_file_changed_and_taken_off(self):
        cards, customers = self.v1.payment_methods, self.v1.customers
        customer = customers.create()
        card = cards.create({"type": "card", "card": {"token": "tok_mastercard"}})
        self.assertEqual(card.card.brand, "mastercard")
        cards.attach(card.id, {"customer": customer.id})
        changed = cards.update(card.id, {"card": {"exp_month": 1, "exp_year": 2031}})
        self.assertEqual((changed.card.exp_month, changed.card.exp_year), (1, 2031))
        self.assertEqual(cards.retrieve(card.id, {"expand": ["customer"]}).customer.id, customer.id)
        own = customers.payment_methods
        self.assertEqual(own.retrieve(customer.id, card.id).id, card.id)
        self.assertEqual([one.id for one in own.list(customer.id).data], [card.id])
        listed = cards.list({"customer": customer.id, "type": "card"})
        self.assertEqual([one.id for one in listed.data], [card.id])
        self.assertIsNone(cards.detach(card.id).customer)

    def test_a_card_that_its_bank_refuses_is_a_card_error_with_the_reason(self):
        customer = self.v1.customers.create()
        for card, code, decline_code in [
            ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ]:
            self.assert_refused(
                stripe.CardError,
                lambda card=card: self.v1.payment_methods.attach(card, {"customer": customer.id}),
                status=402,
                code=code,
                decline_code=decline_code,
            )

    def test_lists_are_paged_through_forward_and_backward(self):
        customers = self.v1.customers
        made = [customers.create({"name": f"Paged {number}"}).id for number in range(7)]
        backward = customers.list({"limit": 2, "ending_before": made[0]})
        self.assertEqual([one.id for one in backward.auto_paging_iter()], made[1:])
        forward = customers.list({"limit": 2, "starting_after": made[-1]})
        found = [one.id for one, _ in zip(forward.auto_paging_iter(), made[:-1])]
        self.assertEqual(found, made[-2::-1])
