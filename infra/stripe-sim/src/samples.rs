//! One realistic event of each type that the product listens to, made by driving a simulator through a script.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::calendar::{DAY_S, HOUR_S};
use crate::cards::TestCard;
use crate::control::OpenInvoices;
use crate::fields::Fields;
use crate::request::Request;
use crate::resources::disputes::DisputeEnd;
use crate::sim::{Options, StripeSim};

/// The types of event that the product acts on.
pub const EVENT_TYPES: [&str; 39] = [
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.refunded",
    "checkout.session.completed",
    "customer.created",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "customer.subscription.resumed",
    "customer.subscription.trial_will_end",
    "customer.subscription.updated",
    "customer.updated",
    "invoice.created",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.upcoming",
    "invoice.voided",
    "payment_method.attached",
    "payment_method.automatically_updated",
    "payment_method.detached",
    "payment_method.updated",
    "refund.created",
    "refund.failed",
    "refund.updated",
    "subscription_schedule.aborted",
    "subscription_schedule.canceled",
    "subscription_schedule.completed",
    "subscription_schedule.created",
    "subscription_schedule.released",
    "subscription_schedule.updated",
];

/// The first event of each of [`EVENT_TYPES`] that a small account emits over half a year, by type. The same on every
/// call.
pub fn sample_events() -> BTreeMap<String, Value> {
    let mut script = Script::open();
    script.founding_member_upgrades_and_falls_behind();
    script.trial_without_a_card_pauses();
    script.changes_wait_for_payment();
    script.schedules_end_in_every_way();
    script.money_goes_back();
    let mut samples = BTreeMap::new();
    for event in script.seen {
        let event_type = event.text("type").to_owned();
        if EVENT_TYPES.contains(&event_type.as_str()) {
            samples.entry(event_type).or_insert(event);
        }
    }
    samples
}

struct Script {
    sim: StripeSim,
    prices: BTreeMap<&'static str, String>,
    seen: Vec<Value>,
    calls: u32,
}

/// The plans of the product, as its catalogue has them: lookup key, name, cents, months.
const PLANS: [(&str, &str, i64, i64); 4] = [
    ("founding_member", "Founding member", 2_500, 3),
    ("prospector", "Prospector", 7_500, 1),
    ("networker", "Networker", 14_500, 1),
    ("rainmaker", "Rainmaker", 19_900, 1),
];

impl Script {
    fn open() -> Self {
        let mut script = Self {
            sim: StripeSim::new(Options::default()),
            prices: BTreeMap::new(),
            seen: Vec::new(),
            calls: 0,
        };
        for (key, name, cents, months) in PLANS {
            let price = script.post(
                "/v1/prices",
                &format!(
                    "product_data[name]={name}&currency=usd&unit_amount={cents}&lookup_key={key}\
                     &recurring[interval]=month&recurring[interval_count]={months}"
                ),
            );
            script.prices.insert(key, price.text("id").to_owned());
        }
        script.post(
            "/v1/webhook_endpoints",
            "url=https://api.uselinky.app/stripe/webhook&enabled_events[]=*&api_version=2026-09-30.endive",
        );
        script
    }

    fn post(&mut self, path: &str, body: &str) -> Value {
        self.call("POST", path, body)
    }

    fn call(&mut self, method: &str, path: &str, body: &str) -> Value {
        self.calls += 1;
        let key = format!("sample:{}", self.calls);
        let response = self.sim.handle(&Request {
            method,
            path,
            body,
            idempotency_key: Some(&key),
            api_key: Some("sk_test_sample"),
            ..Request::default()
        });
        self.look();
        response.body
    }

    /// Moves the clock; a day at a time, so that no event is forgotten before it was looked at.
    fn wait(&mut self, seconds: i64) {
        let until_s = self.sim.now_s() + seconds;
        while self.sim.now_s() < until_s {
            self.sim.advance_to(until_s.min(self.sim.now_s() + DAY_S));
            self.look();
        }
    }

    /// Keeps the events that are new since the last look.
    fn look(&mut self) {
        let last = self.seen.last().map(|event| event.text("id").to_owned());
        let new: Vec<Value> = self
            .sim
            .events()
            .rev()
            .take_while(|event| Some(event.text("id")) != last.as_deref())
            .collect();
        self.seen.extend(new.into_iter().rev());
    }

    fn customer(&mut self, name: &str, card: TestCard) -> String {
        let address = name.to_lowercase();
        let customer = self.post(
            "/v1/customers",
            &format!(
                "name={name}&email={address}@example.com&metadata[user]=user_{address}&payment_method={card}\
                 &invoice_settings[default_payment_method]={card}",
                card = card.token()
            ),
        );
        customer.text("id").to_owned()
    }

    fn subscribe(&mut self, customer: &str, plan: &str, more: &str) -> Value {
        let price = self.prices[plan].clone();
        self.post(
            "/v1/subscriptions",
            &format!("customer={customer}&items[0][price]={price}{more}"),
        )
    }

    fn founding_member_upgrades_and_falls_behind(&mut self) {
        let (founding, prospector) = (
            self.prices["founding_member"].clone(),
            self.prices["prospector"].clone(),
        );
        let customer = self.post(
            "/v1/customers",
            "name=Ada Lovelace&email=ada@example.com&metadata[user]=user_ada",
        );
        let customer = customer.text("id").to_owned();
        let session = self.post(
            "/v1/checkout/sessions",
            &format!(
                "mode=subscription&customer={customer}&client_reference_id=user_ada\
                 &line_items[0][price]={founding}&line_items[0][quantity]=1\
                 &success_url=https://uselinky.app/welcome?session={{CHECKOUT_SESSION_ID}}\
                 &subscription_data[metadata][user]=user_ada"
            ),
        );
        let session = session.text("id").to_owned();
        let completed = self.sim.complete_checkout(&session, TestCard::Good);
        let subscription = completed.map_or_else(
            |_| String::new(),
            |done| done.text("subscription").to_owned(),
        );
        let schedule = self.post(
            "/v1/subscription_schedules",
            &format!("from_subscription={subscription}"),
        );
        let (schedule, start_s) = (
            schedule.text("id").to_owned(),
            schedule.int("phases/0/start_date"),
        );
        self.post(
            &format!("/v1/subscription_schedules/{schedule}"),
            &format!(
                "end_behavior=release&phases[0][start_date]={start_s}&phases[0][items][0][price]={founding}\
                 &phases[0][duration][interval]=month&phases[0][duration][interval_count]=3\
                 &phases[1][items][0][price]={prospector}&phases[1][duration][interval]=month"
            ),
        );
        self.wait(92 * DAY_S);
        self.control(|sim| {
            sim.replace_card(
                &customer,
                TestCard::DeclinedAfterAttach,
                OpenInvoices::Leave,
            )
            .is_ok()
        });
        self.wait(35 * DAY_S);
        self.control(|sim| {
            sim.replace_card(
                &customer,
                TestCard::AuthenticationRequired,
                OpenInvoices::Pay,
            )
            .is_ok()
        });
        self.control(|sim| {
            sim.replace_card(&customer, TestCard::Good, OpenInvoices::Pay)
                .is_ok()
        });
        let card = self
            .sim
            .object(&customer)
            .map(|customer| {
                customer
                    .text("invoice_settings/default_payment_method")
                    .to_owned()
            })
            .unwrap_or_default();
        self.post(
            &format!("/v1/payment_methods/{card}"),
            "billing_details[name]=Ada King",
        );
        self.control(|sim| sim.renew_card(&card).is_ok());
        self.post(&format!("/v1/payment_methods/{card}/detach"), "");
        self.call("DELETE", &format!("/v1/customers/{customer}"), "");
    }

    /// Does what only the outside of the API can do, and looks at what came of it.
    fn control(&mut self, act: impl FnOnce(&mut StripeSim) -> bool) {
        let done = act(&mut self.sim);
        debug_assert!(done, "the script of the samples holds together");
        self.look();
    }

    fn trial_without_a_card_pauses(&mut self) {
        let customer = self.post("/v1/customers", "name=Grace&email=grace@example.com");
        let subscription = self.subscribe(
            customer.text("id"),
            "networker",
            "&trial_period_days=7&trial_settings[end_behavior][missing_payment_method]=pause",
        );
        self.wait(8 * DAY_S);
        let card = self.post(
            "/v1/payment_methods/pm_card_visa/attach",
            &format!("customer={}", customer.text("id")),
        );
        let subscription = subscription.text("id");
        self.post(
            &format!("/v1/subscriptions/{subscription}"),
            &format!("default_payment_method={}", card.text("id")),
        );
        self.post(&format!("/v1/subscriptions/{subscription}/resume"), "");
    }

    fn changes_wait_for_payment(&mut self) {
        let customer = self.customer("Edsger", TestCard::Good);
        let subscription = self.subscribe(&customer, "prospector", "");
        let (id, item) = (
            subscription.text("id"),
            subscription.text("items/data/0/id"),
        );
        self.wait(5 * DAY_S);
        let change = format!(
            "items[0][id]={item}&items[0][price]={}&proration_behavior=always_invoice\
             &payment_behavior=pending_if_incomplete",
            self.prices["networker"]
        );
        self.control(|sim| {
            sim.replace_card(
                &customer,
                TestCard::DeclinedAfterAttach,
                OpenInvoices::Leave,
            )
            .is_ok()
        });
        self.post(&format!("/v1/subscriptions/{id}"), &change);
        self.wait(DAY_S);
        self.post(&format!("/v1/subscriptions/{id}"), &change);
        self.control(|sim| {
            sim.replace_card(&customer, TestCard::Good, OpenInvoices::Pay)
                .is_ok()
        });
        self.call("DELETE", &format!("/v1/subscriptions/{id}"), "");
    }

    fn schedules_end_in_every_way(&mut self) {
        let prospector = self.prices["prospector"].clone();
        let phases =
            format!("&phases[0][items][0][price]={prospector}&phases[0][duration][interval]=month");
        let ending = self.customer("Barbara", TestCard::Good);
        self.post(
            "/v1/subscription_schedules",
            &format!("customer={ending}&start_date=now&end_behavior=cancel{phases}"),
        );
        let cancelled = self.customer("Donald", TestCard::Good);
        let schedule = self.post(
            "/v1/subscription_schedules",
            &format!("customer={cancelled}&start_date=now{phases}"),
        );
        self.post(
            &format!("/v1/subscription_schedules/{}/cancel", schedule.text("id")),
            "",
        );
        let aborted = self.customer("Alan", TestCard::Good);
        let long = format!("{phases}&phases[0][duration][interval_count]=6");
        self.post(
            "/v1/subscription_schedules",
            &format!("customer={aborted}&start_date=now{long}"),
        );
        self.control(|sim| {
            sim.replace_card(&aborted, TestCard::DeclinedAfterAttach, OpenInvoices::Leave)
                .is_ok()
        });
        self.wait(31 * DAY_S + HOUR_S);
        self.wait(16 * DAY_S);
    }

    fn money_goes_back(&mut self) {
        let customer = self.customer("Katherine", TestCard::Good);
        for (plan, closing) in [("prospector", "void"), ("networker", "mark_uncollectible")] {
            let unpaid = self.subscribe(&customer, plan, "&payment_behavior=default_incomplete");
            let invoice = unpaid.text("latest_invoice");
            self.post(&format!("/v1/invoices/{invoice}/{closing}"), "");
        }
        self.subscribe(&customer, "rainmaker", "");
        let charge = self.last_charge();
        let refund = self.post(
            "/v1/refunds",
            &format!("charge={charge}&amount=5000&reason=requested_by_customer"),
        );
        let refund = refund.text("id");
        self.post(
            &format!("/v1/refunds/{refund}"),
            "metadata[reason]=goodwill",
        );
        self.control(|sim| sim.fail_refund(refund).is_ok());
        self.control(|sim| {
            sim.open_dispute(&charge, "fraudulent")
                .and_then(|dispute| sim.close_dispute(&dispute, DisputeEnd::Won))
                .is_ok()
        });
    }

    fn last_charge(&self) -> String {
        self.sim
            .objects("charge")
            .next_back()
            .map(|charge| charge.text("id").to_owned())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_sample_of_every_type() {
        let samples = sample_events();
        let missing: Vec<&str> = EVENT_TYPES
            .into_iter()
            .filter(|event_type| !samples.contains_key(*event_type))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert_eq!(samples, sample_events());
    }
}
