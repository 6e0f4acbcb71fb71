//! `/v1/test_helpers/test_clocks`: clocks that stand still until they are advanced (docs.stripe.com/billing/testing/test-clocks).

use serde_json::{Value, json};

use crate::calendar::{DAY_S, Every, Unit};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources::{self, customers, prices};
use crate::sim::StripeSim;
use crate::tasks::Task;

pub(crate) const KIND: &str = "test_helpers.test_clock";

/// How long Stripe keeps a clock, by the account's time.
const KEPT_S: i64 = 30 * DAY_S;

/// Most customers on one clock.
pub(crate) const CUSTOMERS_MAX: usize = 3;

/// Most intervals of the shortest subscription in one advance; without a subscription, most years.
const INTERVALS_MAX: i64 = 2;

/// `POST /v1/test_helpers/test_clocks`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&["frozen_time", "name"])?;
    if sim.options.livemode {
        return Err(StripeError::invalid(
            "Test clocks are only available in test mode.",
        ));
    }
    params.required("frozen_time")?;
    let frozen_s = params.int_within("frozen_time", 0..=LATEST_S)?;
    let id = sim.ids.long("clock");
    let deletes_s = sim.now_s + KEPT_S;
    sim.store.insert(json!({
        "id": id,
        "object": KIND,
        "created": sim.now_s,
        "deletes_after": deletes_s,
        "frozen_time": frozen_s,
        "livemode": false,
        "name": params.given("name"),
        "status": "ready",
        "status_details": {},
    }));
    sim.clocks.insert(id.clone(), Default::default());
    sim.plan(deletes_s, Task::DeleteTestClock(id.clone()));
    sim.emit("test_helpers.test_clock.created", &id);
    retrieve(sim, &id)
}

/// 31 December 9999: no calendar goes further.
const LATEST_S: i64 = 253_402_214_400;

/// `GET /v1/test_helpers/test_clocks/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, KIND, "testclock", id)
}

/// `GET /v1/test_helpers/test_clocks`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&lists::PAGING)?;
    let listing = Listing {
        kind: KIND,
        noun: "testclock",
        url: "/v1/test_helpers/test_clocks",
        owner: None,
    };
    lists::page(&sim.store, &listing, params, |_| true)
}

/// `POST /v1/test_helpers/test_clocks/:id/advance`. As on Stripe the answer says that the clock is advancing; here it
/// has arrived by the next call.
pub(crate) fn advance(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["frozen_time"])?;
    let clock = retrieve(sim, id)?;
    params.required("frozen_time")?;
    let target_s = params
        .int_within("frozen_time", 0..=LATEST_S)?
        .unwrap_or_default();
    let frozen_s = clock.int("frozen_time");
    if target_s <= frozen_s {
        return Err(StripeError::invalid(format!(
            "The `frozen_time` must be later than the test clock's current time ({frozen_s})."
        ))
        .param("frozen_time"));
    }
    let furthest_s = shortest(sim, id).after(frozen_s, INTERVALS_MAX);
    if target_s > furthest_s {
        return Err(StripeError::invalid(format!(
            "A test clock can be advanced by at most two intervals of its shortest subscription at a time, here until \
             {furthest_s}."
        ))
        .param("frozen_time"));
    }
    sim.store.change(id, |clock| {
        clock.put("status", "advancing");
        clock.put(
            "status_details",
            json!({"advancing": {"target_frozen_time": target_s}}),
        );
    });
    sim.emit("test_helpers.test_clock.advancing", id);
    let answer = retrieve(sim, id)?;
    sim.on_clock(id, |sim| {
        sim.run_tasks(target_s);
        sim.now_s = target_s;
    });
    sim.store.change(id, |clock| {
        clock.put("frozen_time", target_s);
        clock.put("status", "ready");
        clock.put("status_details", json!({}));
    });
    sim.emit("test_helpers.test_clock.ready", id);
    Ok(answer)
}

/// The shortest interval of the running subscriptions on a clock; a year where there is none.
fn shortest(sim: &StripeSim, id: &str) -> Every {
    let year = Every {
        unit: Unit::Year,
        count: 1,
    };
    customers_on(sim, id)
        .iter()
        .flat_map(|customer| sim.store.all("subscription", Some(customer)))
        .filter(|subscription| !subscription.at("ended_at").is_i64())
        .flat_map(|subscription| subscription.list("items/data"))
        .filter_map(|item| prices::every(item.at("price")))
        .min_by_key(|every| every.after(0, 1))
        .unwrap_or(year)
}

/// The customers that live on a clock.
pub(crate) fn customers_on(sim: &StripeSim, id: &str) -> Vec<String> {
    sim.objects("customer")
        .filter(|customer| customer.text("test_clock") == id)
        .map(|customer| customer.text("id").to_owned())
        .collect()
}

/// `DELETE /v1/test_helpers/test_clocks/:id`
pub(crate) fn delete(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[])?;
    retrieve(sim, id)?;
    delete_now(sim, id);
    Ok(json!({"id": id, "object": KIND, "deleted": true}))
}

/// Takes a clock away, with its customers and their subscriptions.
pub(crate) fn delete_now(sim: &mut StripeSim, id: &str) {
    for customer in customers_on(sim, id) {
        sim.on_clock(id, |sim| customers::delete_now(sim, &customer));
    }
    sim.emit("test_helpers.test_clock.deleted", id);
    sim.clocks.remove(id);
    sim.store.remove(id);
}
