//! What the Pay button of a session's hosted page does, and what the page shows.

use serde_json::{Value, json};

use crate::billing::start::{FirstPayment, start};
use crate::billing::subscription::{Draft, Wanted};
use crate::calendar::DAY_S;
use crate::cards::TestCard;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists;
use crate::resources::{customers, payment_methods, prices};
use crate::sim::StripeSim;

use super::retrieve;

impl StripeSim {
    /// What the Pay button of a session's hosted page does. A card that declines leaves the session open, and the error
    /// carries the words Stripe shows.
    pub fn complete_checkout(
        &mut self,
        session_id: &str,
        card: TestCard,
    ) -> Result<Value, StripeError> {
        self.in_time_of(&[session_id], |sim| sim.press_pay(session_id, card))
    }

    fn press_pay(&mut self, session_id: &str, card: TestCard) -> Result<Value, StripeError> {
        let session = retrieve(self, session_id)?;
        if session.text("status") != "open" {
            return Err(StripeError::invalid(format!(
                "This Checkout Session is {} and cannot be paid.",
                session.text("status")
            )));
        }
        // A card that will decline is refused before anything is written: the page only shows the words.
        if let Some(decline) = card.decline() {
            return Err(decline.error());
        }
        pay(self, &session, card)
    }

    /// The line items of a session, which it shows only when asked to.
    pub(crate) fn session_lines(&self, id: &str) -> Option<Value> {
        let plan = self.sessions.get(id)?;
        let data: Vec<Value> = plan
            .items
            .iter()
            .enumerate()
            .filter_map(|(at, (price, quantity))| {
                let price = self.store.get(price)?;
                let amount = price.int("unit_amount") * quantity;
                let product = self.store.get(price.text("product"))?;
                Some(json!({
                    "id": format!("li_1{}{at}", &id[id.len() - 22..]),
                    "object": "item",
                    "adjustable_quantity": null,
                    "amount_discount": 0,
                    "amount_subtotal": amount,
                    "amount_tax": 0,
                    "amount_total": amount,
                    "currency": price.at("currency"),
                    "description": product.at("name"),
                    "metadata": {},
                    "price": **price,
                    "quantity": quantity,
                }))
            })
            .collect();
        Some(lists::embedded(
            data,
            &format!("/v1/checkout/sessions/{id}/line_items"),
        ))
    }
}

fn pay(sim: &mut StripeSim, session: &Value, card: TestCard) -> Result<Value, StripeError> {
    let id = session.text("id");
    let plan = sim
        .sessions
        .get(id)
        .cloned()
        .ok_or_else(|| StripeError::missing("checkout.session", id))?;
    let email = session.text_at("customer_email");
    let customer = match session.text_at("customer") {
        Some(customer) => customers::living(sim, customer)?.text("id").to_owned(),
        None => customers::create_for_checkout(sim, email),
    };
    let method = payment_methods::new(sim, card, (2030, 8));
    let method = payment_methods::use_for(sim, &method, &customer)?;
    let details = sim.store.get(&customer).cloned().unwrap_or_default();
    sim.update("customer.updated", &customer, |customer| {
        if customer
            .at("invoice_settings/default_payment_method")
            .is_null()
        {
            customer.put("invoice_settings/default_payment_method", method.as_str());
        }
    });
    let items = plan
        .items
        .iter()
        .map(|(price, quantity)| {
            let price = prices::retrieve(sim, price)?;
            Ok(Wanted {
                price,
                quantity: *quantity,
            })
        })
        .collect::<Result<_, StripeError>>()?;
    let trial_end_s = plan
        .trial_end_s
        .or(plan.trial_days.map(|days| sim.now_s + days * DAY_S));
    let trial = trial_end_s.is_some();
    let draft = Draft {
        customer: customer.clone(),
        items,
        metadata: plan.metadata,
        default_payment_method: Some(method),
        description: plan.description,
        trial_end_s,
        missing_payment_method: "create_invoice".to_owned(),
        cancel_at_period_end: false,
        cancel_at_s: None,
        anchor_s: None,
        save_card: false,
        discounts: plan.discounts,
        checkout_session: Some(id.to_owned()),
    };
    let subscription = start(sim, &draft, FirstPayment::MayFail)?;
    let invoice = sim
        .store
        .get(&subscription)
        .map(|subscription| subscription.at("latest_invoice").clone());
    sim.store.change(id, |session| {
        session.put("status", "complete");
        session.put(
            "payment_status",
            if trial { "no_payment_required" } else { "paid" },
        );
        session.put("customer", customer);
        session.put("subscription", subscription);
        session.put("invoice", json!(invoice));
        session.put("url", Value::Null);
        session.put(
            "customer_details",
            json!({
                "address": details.at("address"),
                "business_name": null,
                "email": details.at("email"),
                "individual_name": null,
                "name": details.at("name"),
                "phone": details.at("phone"),
                "tax_exempt": "none",
                "tax_ids": [],
            }),
        );
    });
    sim.emit("checkout.session.completed", id);
    retrieve(sim, id)
}
