//! An account with the four plans, driven over its API, and short ways to look at what happened.

use serde_json::Value;
use stripe_sim::{Delivery, DeliveryAnswer, Options, Request, Response, StripeSim};

/// 31 January 2026, 10:00 UTC: a start that the shorter months after it do not have.
pub(crate) const START_S: i64 = 1_769_853_600;

/// A simulator with prices and one webhook endpoint that takes everything.
pub(crate) struct Account {
    pub(crate) sim: StripeSim,
    pub(crate) secret: String,
}

impl Account {
    pub(crate) fn open() -> Self {
        Self::open_with(Options {
            now_s: START_S,
            ..Options::default()
        })
    }

    pub(crate) fn open_with(options: Options) -> Self {
        let mut sim = StripeSim::new(options);
        let plans = [
            ("founding_member", "Founding member", "2500", "3"),
            ("prospector", "Prospector", "7500", "1"),
            ("networker", "Networker", "14500", "1"),
            ("rainmaker", "Rainmaker", "19900", "1"),
        ];
        for (key, name, amount, months) in plans {
            let form = format!(
                "product_data[name]={name}&currency=usd&unit_amount={amount}&lookup_key={key}\
                 &recurring[interval]=month&recurring[interval_count]={months}"
            );
            assert_eq!(post(&mut sim, "/v1/prices", &form).status, 200);
        }
        let form =
            "url=https://example.com/stripe&enabled_events[]=*&api_version=2026-09-30.endive";
        let endpoint = post(&mut sim, "/v1/webhook_endpoints", form);
        let secret = endpoint.body["secret"].as_str().unwrap().to_owned();
        Self { sim, secret }
    }

    /// The answer to a call that must succeed.
    pub(crate) fn post(&mut self, path: &str, form: &str) -> Value {
        let response = post(&mut self.sim, path, form);
        assert_eq!(
            response.status, 200,
            "POST {path} {form}: {}",
            response.body
        );
        response.body
    }

    /// The status and error of a call that must not succeed.
    pub(crate) fn refused(&mut self, path: &str, form: &str) -> (u16, Value) {
        let response = post(&mut self.sim, path, form);
        assert_ne!(
            response.status, 200,
            "POST {path} {form}: {}",
            response.body
        );
        (response.status, response.body["error"].clone())
    }

    pub(crate) fn get(&mut self, path: &str, query: &str) -> Value {
        let response = call(&mut self.sim, "GET", path, query, "");
        assert_eq!(
            response.status, 200,
            "GET {path} {query}: {}",
            response.body
        );
        response.body
    }

    pub(crate) fn delete(&mut self, path: &str) -> Value {
        let response = call(&mut self.sim, "DELETE", path, "", "");
        assert_eq!(response.status, 200, "DELETE {path}: {}", response.body);
        response.body
    }

    pub(crate) fn price(&mut self, key: &str) -> String {
        let list = self.get("/v1/prices", &format!("lookup_keys[]={key}&active=true"));
        text(&list["data"][0], "/id")
    }

    /// A customer with a good card on file.
    pub(crate) fn customer(&mut self) -> String {
        let form = "email=ada@example.com&payment_method=pm_card_visa\
                    &invoice_settings[default_payment_method]=pm_card_visa";
        text(&self.post("/v1/customers", form), "/id")
    }

    /// A customer with a running subscription: both identifiers.
    pub(crate) fn subscriber(&mut self, key: &str) -> (String, String) {
        let (customer, price) = (self.customer(), self.price(key));
        let form = format!("customer={customer}&items[0][price]={price}");
        let subscription = self.post("/v1/subscriptions", &form);
        assert_eq!(subscription["status"], "active");
        (customer, text(&subscription, "/id"))
    }

    pub(crate) fn object(&self, id: &str) -> Value {
        self.sim.object(id).unwrap().clone()
    }

    /// The invoices of a customer, oldest first.
    pub(crate) fn invoices(&mut self, customer: &str) -> Vec<Value> {
        let list = self.get("/v1/invoices", &format!("customer={customer}&limit=100"));
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .rev()
            .cloned()
            .collect()
    }

    /// Moves the clock, and forgets the deliveries of before.
    pub(crate) fn advance(&mut self, seconds: i64) {
        self.sim.advance_to(self.sim.now_s() + seconds);
    }

    pub(crate) fn advance_days(&mut self, days: i64) {
        self.advance(days * 86_400);
    }

    /// Takes what is due and answers all of it with 200.
    pub(crate) fn deliver_all(&mut self) -> Vec<Delivery> {
        let deliveries = self.sim.take_deliveries();
        for delivery in &deliveries {
            self.sim
                .delivered(&delivery.id, DeliveryAnswer::Status(200));
        }
        deliveries
    }

    /// Wants no more deliveries.
    pub(crate) fn disable_endpoint(&mut self) {
        let endpoint = self
            .sim
            .objects("webhook_endpoint")
            .next()
            .map(|endpoint| text(endpoint, "/id"));
        self.post(
            &format!("/v1/webhook_endpoints/{}", endpoint.unwrap()),
            "disabled=true",
        );
    }

    /// The types of the events delivered since the last time.
    pub(crate) fn event_types(&mut self) -> Vec<String> {
        self.deliver_all()
            .into_iter()
            .map(|delivery| delivery.event_type)
            .collect()
    }

    /// The last event of a type.
    pub(crate) fn last_event(&self, event_type: &str) -> Value {
        let found = self
            .sim
            .events()
            .rev()
            .find(|event| event["type"] == event_type);
        found.unwrap_or_else(|| panic!("no {event_type}"))
    }
}

pub(crate) fn post(sim: &mut StripeSim, path: &str, form: &str) -> Response {
    call(sim, "POST", path, "", form)
}

pub(crate) fn call(
    sim: &mut StripeSim,
    method: &str,
    path: &str,
    query: &str,
    body: &str,
) -> Response {
    sim.handle(&Request {
        method,
        path,
        query,
        body,
        api_key: Some("sk_test_sim"),
        ..Request::default()
    })
}

pub(crate) fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap()
        .to_owned()
}
