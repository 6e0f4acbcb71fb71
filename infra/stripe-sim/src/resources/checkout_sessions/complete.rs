//! What the Pay button of a session's hosted page does, and what the page shows.

use serde_json::{Value, json};

use super::mode::Mode;
use super::plan::{self, SessionPlan};
use super::retrieve;
use crate::billing::start::{FirstPayment, start};
use crate::billing::subscription::{Draft, Wanted};
use crate::billing::{charge, direct, discount};
use crate::calendar::DAY_S;
use crate::cards::TestCard;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists;
use crate::resources::{customers, payment_methods, prices, setup_intents};
use crate::sim::StripeSim;

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
        let amounts = plan::item_amounts(self, plan);
        let taken_off = discount::taken_off(self, &plan.discounts, &amounts);
        let data: Vec<Value> = plan
            .items
            .iter()
            .enumerate()
            .filter_map(|(at, (price, quantity))| {
                let price = self.store.get(price)?;
                let (amount, off) = (amounts[at], taken_off[at]);
                let product = self.store.get(price.text("product"))?;
                Some(json!({
                    "id": format!("li_1{}{at}", &id[id.len() - 22..]),
                    "object": "item",
                    "adjustable_quantity": null,
                    "amount_discount": off,
                    "amount_subtotal": amount,
                    "amount_tax": 0,
                    "amount_total": amount - off,
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

/// What pressing the button brought about.
struct Outcome {
    customer: Option<String>,
    payment_status: &'static str,
    /// What the session names from then on.
    made: Vec<(&'static str, Value)>,
}

fn pay(sim: &mut StripeSim, session: &Value, card: TestCard) -> Result<Value, StripeError> {
    let id = session.text("id");
    let plan = sim
        .sessions
        .get(id)
        .cloned()
        .ok_or_else(|| StripeError::missing("checkout.session", id))?;
    let outcome = match Mode::of(session) {
        Mode::Payment => pay_once(sim, session, &plan, card)?,
        Mode::Setup => set_up(sim, session, plan, card)?,
        Mode::Subscription => subscribe(sim, session, plan, card)?,
    };
    let details = match &outcome.customer {
        Some(customer) => sim.store.get(customer).cloned().unwrap_or_default(),
        None => json!({ "email": session.at("customer_email") }).into(),
    };
    sim.store.change(id, |session| {
        session.put("status", "complete");
        session.put("payment_status", outcome.payment_status);
        session.put("customer", json!(outcome.customer));
        for (field, made) in outcome.made {
            session.put(field, made);
        }
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

/// The customer of a session, made where there is none.
fn customer(sim: &mut StripeSim, session: &Value) -> Result<String, StripeError> {
    match session.text_at("customer") {
        Some(customer) => Ok(customers::living(sim, customer)?.text("id").to_owned()),
        None => Ok(customers::create_for_checkout(
            sim,
            session.text_at("customer_email"),
        )),
    }
}

fn subscribe(
    sim: &mut StripeSim,
    session: &Value,
    plan: SessionPlan,
    card: TestCard,
) -> Result<Outcome, StripeError> {
    let customer = customer(sim, session)?;
    let method = payment_methods::new(sim, card, (2030, 8));
    let method = payment_methods::use_for(sim, &method, &customer)?;
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
        checkout_session: session.text_at("id").map(str::to_owned),
    };
    let subscription = start(sim, &draft, FirstPayment::MayFail)?;
    let invoice = sim
        .store
        .get(&subscription)
        .map(|subscription| subscription.at("latest_invoice").clone());
    Ok(Outcome {
        customer: Some(customer),
        payment_status: if trial { "no_payment_required" } else { "paid" },
        made: vec![
            ("subscription", json!(subscription)),
            ("invoice", json!(invoice)),
        ],
    })
}

/// Pays by an intent. A card that is to be used again needs somebody whose it is.
fn pay_once(
    sim: &mut StripeSim,
    session: &Value,
    plan: &SessionPlan,
    card: TestCard,
) -> Result<Outcome, StripeError> {
    let kept = plan.intent.at("setup_future_usage").is_string();
    let has_customer =
        session.at("customer").is_string() || session.text("customer_creation") == "always" || kept;
    let customer = match has_customer {
        true => Some(customer(sim, session)?),
        false => None,
    };
    let method = payment_methods::new(sim, card, (2030, 8));
    if let Some(customer) = customer.as_deref().filter(|_| kept) {
        payment_methods::use_for(sim, &method, customer)?;
    }
    discount::count(sim, &plan.discounts);
    let amount = session.int("amount_total");
    if amount == 0 {
        return Ok(Outcome {
            customer,
            payment_status: "no_payment_required",
            made: Vec::new(),
        });
    }
    let wanted = charge::Wanted {
        amount,
        currency: session.text("currency"),
        customer: customer.as_deref(),
        description: plan.description.as_deref(),
    };
    let intent = charge::insert_intent(sim, &wanted);
    sim.store.change(&intent, |intent| {
        for (name, value) in plan.intent.as_object().into_iter().flatten() {
            intent.put(name, value.clone());
        }
        intent.put("metadata", plan.metadata.clone());
    });
    sim.emit("payment_intent.created", &intent);
    direct::confirm(sim, &intent, &method, false, None)?;
    let held = plan.intent.text("capture_method") == "manual";
    Ok(Outcome {
        customer,
        payment_status: if held { "unpaid" } else { "paid" },
        made: vec![("payment_intent", json!(intent))],
    })
}

/// Puts a card on file, and takes nothing.
fn set_up(
    sim: &mut StripeSim,
    session: &Value,
    plan: SessionPlan,
    card: TestCard,
) -> Result<Outcome, StripeError> {
    let has_customer =
        session.at("customer").is_string() || session.text("customer_creation") == "always";
    let customer = match has_customer {
        true => Some(customer(sim, session)?),
        false => None,
    };
    let method = payment_methods::new(sim, card, (2030, 8));
    let wanted = setup_intents::Wanted {
        customer: customer.as_deref(),
        description: plan.description.as_deref(),
        metadata: plan.metadata,
        method: Some(&method),
        types: vec!["card".to_owned()],
        usage: "off_session",
    };
    let intent = setup_intents::insert(sim, &wanted);
    sim.emit("setup_intent.created", &intent);
    setup_intents::set_up(sim, &intent, &method, None)?;
    Ok(Outcome {
        customer,
        payment_status: "no_payment_required",
        made: vec![("setup_intent", json!(intent))],
    })
}
