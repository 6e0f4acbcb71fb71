//! How each deed of the book is done: by the customer on Linky's pages and Stripe's, by Linky's people on Stripe's dashboard,
//! by the bank. What follows from it comes the way it always does: by webhooks, queues, schedules.

use serde_json::{Value, json};
use stripe_sim::{DeliveryAnswer, DisputeEnd, Fault, Moment, OpenInvoices, TestCard};

use super::book::Deed;
use super::people::Person;
use crate::checkout;
use crate::sandbox::Sandbox;

/// What the book's people have by now.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    /// Stripe's id of the customer.
    customer: Option<String>,
    /// The latest dispute.
    dispute: Option<String>,
}

/// Where a customer's browser is, for the log of the gateway (a range for documentation, RFC 5737).
const SOURCE_IP: &str = "203.0.113.7";

/// A part of a charge that is refunded, in cents.
const PART_CENTS: i64 = 2_000;

/// Does a deed.
///
/// # Errors
/// The words of whoever refused it: the book then is not what this system takes.
pub(super) async fn done(
    sandbox: &Sandbox,
    person: &Person,
    held: &mut Held,
    deed: Deed,
) -> Result<(), String> {
    let at_stripe = AtStripe { sandbox };
    match deed {
        Deed::SignUp(plan) => {
            let session = open_page(sandbox, person, plan).await?;
            let mut sim = sandbox.stripe().now();
            let paid = sim.complete_checkout(&session, TestCard::Good);
            let paid = paid.map_err(|error| error.message)?;
            held.customer = paid["customer"].as_str().map(str::to_owned);
            return Ok(());
        }
        Deed::LeavePage(plan) => return open_page(sandbox, person, plan).await.map(drop),
        Deed::SubscribeByHand => {
            held.customer = Some(at_stripe.subscribed_by_hand(person)?);
            return Ok(());
        }
        _ => {}
    }
    let customer = held.customer.as_deref().ok_or("nobody has signed up")?;
    let part_cents = PART_CENTS.to_string();
    let part = [("amount", part_cents.as_str())];
    match deed {
        Deed::SignUp(_) | Deed::LeavePage(_) | Deed::SubscribeByHand => Ok(()),
        Deed::Upgrade(plan) => at_stripe.moves_now(customer, plan),
        Deed::Downgrade(plan) => at_stripe.moves_with_the_period(customer, plan),
        Deed::CardFails => {
            let card = TestCard::DeclinedAfterAttach;
            at_stripe.card(customer, card, OpenInvoices::Leave)
        }
        Deed::CardMended => at_stripe.card(customer, TestCard::GoodMastercard, OpenInvoices::Pay),
        Deed::Cancel => {
            let path = at_stripe.subscription_path(customer)?;
            at_stripe.call("DELETE", &path, &[]).map(drop)
        }
        Deed::CancelAtPeriodEnd => at_stripe.changes(customer, &[("cancel_at_period_end", "true")]),
        Deed::Pause => at_stripe.changes(customer, &[("pause_collection[behavior]", "void")]),
        Deed::RefundWhole => at_stripe.refund(customer, &[]).map(drop),
        Deed::RefundPart => at_stripe.refund(customer, &part).map(drop),
        Deed::RefundFails => {
            let refund = at_stripe.refund(customer, &part)?;
            let mut sim = sandbox.stripe().now();
            sim.fail_refund(&refund).map_err(|error| error.message)
        }
        Deed::RefundWaits => {
            let charge = at_stripe.last_charge(customer)?;
            let mut sim = sandbox.stripe().now();
            let refunded = sim.refund_beyond_balance(&charge, Some(PART_CENTS));
            refunded.map(drop).map_err(|error| error.message)
        }
        Deed::Inquire => {
            let charge = at_stripe.last_charge(customer)?;
            let mut sim = sandbox.stripe().now();
            let opened = sim.open_inquiry(&charge, "unrecognized");
            opened.map(drop).map_err(|error| error.message)
        }
        Deed::Dispute => {
            let charge = at_stripe.last_charge(customer)?;
            let mut sim = sandbox.stripe().now();
            let opened = sim.open_dispute(&charge, "product_not_received");
            held.dispute = Some(opened.map_err(|error| error.message)?);
            Ok(())
        }
        Deed::DisputeWon => at_stripe.decided(held, DisputeEnd::Won),
        Deed::DisputeLost => at_stripe.decided(held, DisputeEnd::Lost),
        Deed::KeyMayNotRead => {
            let path_start = at_stripe.subscription_path(customer)?;
            // 403 is what a key without the permission gets. It is tried again later, not at once.
            sandbox.stripe().now().fail(Fault {
                method: "GET".to_owned(),
                path_start,
                status: 403,
                moment: Moment::BeforeTheKey,
                times: u32::MAX,
            });
            Ok(())
        }
        Deed::DriftPlan => {
            at_stripe.moves_now(customer, "rainmaker")?;
            at_stripe.lose_webhooks();
            Ok(())
        }
        Deed::DriftEnd => {
            at_stripe.changes(customer, &[("cancel_at_period_end", "true")])?;
            at_stripe.lose_webhooks();
            Ok(())
        }
        Deed::DriftPause => {
            at_stripe.changes(customer, &[("pause_collection[behavior]", "void")])?;
            at_stripe.lose_webhooks();
            Ok(())
        }
    }
}

/// Starts a checkout; the session that it is paid in.
async fn open_page(sandbox: &Sandbox, person: &Person, plan: &str) -> Result<String, String> {
    let form = json!({ "name": person.name, "email": person.email, "plan": plan });
    checkout::start(sandbox.gateway(), SOURCE_IP, &form).await
}

/// The dashboard of Stripe, and the people there.
struct AtStripe<'a> {
    sandbox: &'a Sandbox,
}

impl AtStripe<'_> {
    fn call(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Result<Value, String> {
        self.sandbox.stripe().call(method, path, form)
    }

    /// The first object that a list of the customer's shows: the latest.
    fn latest(&self, path: &str, customer: &str) -> Result<Value, String> {
        let mut page = self.call("GET", path, &[("customer", customer), ("limit", "1")])?;
        let latest = page["data"][0].take();
        if latest.is_null() {
            return Err(format!("{customer} has nothing under {path}"));
        }
        Ok(latest)
    }

    fn subscription(&self, customer: &str) -> Result<Value, String> {
        self.latest("/v1/subscriptions", customer)
    }

    fn subscription_path(&self, customer: &str) -> Result<String, String> {
        let subscription = self.subscription(customer)?;
        Ok(format!("/v1/subscriptions/{}", text(&subscription["id"])))
    }

    fn changes(&self, customer: &str, form: &[(&str, &str)]) -> Result<(), String> {
        let path = self.subscription_path(customer)?;
        self.call("POST", &path, form).map(drop)
    }

    fn price(&self, plan: &str) -> Result<String, String> {
        let page = self.call("GET", "/v1/prices", &[("lookup_keys[]", plan)])?;
        Ok(text(&page["data"][0]["id"]).to_owned())
    }

    fn moves_now(&self, customer: &str, plan: &str) -> Result<(), String> {
        let subscription = self.subscription(customer)?;
        let form = [
            (
                "items[0][id]",
                text(&subscription["items"]["data"][0]["id"]),
            ),
            ("items[0][price]", &self.price(plan)?),
            ("proration_behavior", "always_invoice"),
        ];
        self.changes(customer, &form)
    }

    /// By a schedule of two phases: the running period as it is, and one of the new plan, after which it lets go.
    fn moves_with_the_period(&self, customer: &str, plan: &str) -> Result<(), String> {
        let subscription = self.subscription(customer)?;
        let from = [("from_subscription", text(&subscription["id"]))];
        let schedule = self.call("POST", "/v1/subscription_schedules", &from)?;
        let phase = &schedule["phases"][0];
        let path = format!("/v1/subscription_schedules/{}", text(&schedule["id"]));
        let form = [
            ("end_behavior", "release"),
            ("phases[0][start_date]", &phase["start_date"].to_string()),
            ("phases[0][end_date]", &phase["end_date"].to_string()),
            (
                "phases[0][items][0][price]",
                text(&phase["items"][0]["price"]),
            ),
            ("phases[1][items][0][price]", &self.price(plan)?),
            ("phases[1][duration][interval]", "month"),
        ];
        self.call("POST", &path, &form).map(drop)
    }

    fn card(&self, customer: &str, card: TestCard, open: OpenInvoices) -> Result<(), String> {
        let mut sim = self.sandbox.stripe().now();
        let replaced = sim.replace_card(customer, card, open);
        replaced.map(drop).map_err(|error| error.message)
    }

    fn last_charge(&self, customer: &str) -> Result<String, String> {
        let charge = self.latest("/v1/charges", customer)?;
        Ok(text(&charge["id"]).to_owned())
    }

    fn refund(&self, customer: &str, form: &[(&str, &str)]) -> Result<String, String> {
        let charge = self.last_charge(customer)?;
        let form = [&[("charge", charge.as_str())], form].concat();
        let refund = self.call("POST", "/v1/refunds", &form)?;
        Ok(text(&refund["id"]).to_owned())
    }

    fn decided(&self, held: &Held, end: DisputeEnd) -> Result<(), String> {
        let dispute = held.dispute.as_deref().ok_or("nothing is disputed")?;
        let mut sim = self.sandbox.stripe().now();
        sim.close_dispute(dispute, end)
            .map_err(|error| error.message)
    }

    /// A customer from before Linky's own pages, on a price of that time.
    fn subscribed_by_hand(&self, person: &Person) -> Result<String, String> {
        let price = [
            ("product_data[name]", "Prospector (2024)"),
            ("currency", "usd"),
            ("unit_amount", "5900"),
            ("recurring[interval]", "month"),
        ];
        let price = self.call("POST", "/v1/prices", &price)?;
        let form = [
            ("name", person.name.as_str()),
            ("email", person.email.as_str()),
            ("payment_method", TestCard::Good.token()),
        ];
        let customer = self.call("POST", "/v1/customers", &form)?;
        let customer = text(&customer["id"]).to_owned();
        let card = self.latest("/v1/payment_methods", &customer)?;
        let form = [
            ("customer", customer.as_str()),
            ("items[0][price]", text(&price["id"])),
            ("default_payment_method", text(&card["id"])),
        ];
        self.call("POST", "/v1/subscriptions", &form)?;
        Ok(customer)
    }

    /// Takes what is due from Stripe's hands as if it had been delivered.
    fn lose_webhooks(&self) {
        let mut sim = self.sandbox.stripe().now();
        for delivery in sim.take_deliveries() {
            sim.delivered(&delivery.id, DeliveryAnswer::Status(200));
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
