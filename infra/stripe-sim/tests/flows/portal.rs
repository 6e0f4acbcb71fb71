//! The billing portal: its configurations, its sessions, and what a customer does on its page.

use serde_json::json;
use stripe_sim::{Authentication, TestCard};

use crate::account::{Account, call, text};

fn session(account: &mut Account, customer: &str, more: &str) -> String {
    let form = format!("customer={customer}&return_url=https://example.com/account{more}");
    text(&account.post("/v1/billing_portal/sessions", &form), "/id")
}

#[test]
fn a_session_leads_one_customer_to_the_portal() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let form = format!("customer={customer}&return_url=https://example.com/account");
    let made = account.post("/v1/billing_portal/sessions", &form);
    assert_eq!(
        made["url"],
        json!(format!(
            "https://billing.stripe.com/p/session/{}",
            text(&made, "/id")
        ))
    );
    assert_eq!(
        (&made["customer"], &made["flow"]),
        (&json!(customer), &json!(null))
    );
    let again = account.post("/v1/billing_portal/sessions", &form);
    assert_ne!(again["id"], made["id"]);
    assert_eq!(
        again["configuration"], made["configuration"],
        "the default is saved once"
    );
    let list = account.get("/v1/billing_portal/configurations", "is_default=true");
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    let (status, error) = account.refused("/v1/billing_portal/sessions", "customer=cus_none");
    assert_eq!((status, &error["code"]), (400, &json!("resource_missing")));
}

#[test]
fn a_session_ends_after_an_hour_and_with_its_customer() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let id = session(&mut account, &customer, "");
    account.advance(3_600);
    account.sim.portal_session(&id).unwrap();
    account.advance(1);
    let late = account.sim.portal_card(&id, TestCard::Good).unwrap_err();
    assert_eq!(late.message, "This billing portal session has expired.");
    let id = session(&mut account, &customer, "");
    account.delete(&format!("/v1/customers/{customer}"));
    account.sim.portal_session(&id).unwrap_err();
}

#[test]
fn the_portal_changes_the_card_and_refuses_one_that_declines() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let id = session(&mut account, &customer, "");
    let declined = account.sim.portal_card(&id, TestCard::Stolen).unwrap_err();
    assert_eq!(
        (declined.status, declined.decline_code),
        (402, Some("stolen_card"))
    );
    let card = account
        .sim
        .portal_card(&id, TestCard::GoodMastercard)
        .unwrap();
    let settings = account.object(&customer)["invoice_settings"].clone();
    assert_eq!(settings["default_payment_method"], json!(card));
    assert_eq!(account.object(&card)["card"]["brand"], "mastercard");
}

#[test]
fn the_portal_cancels_at_the_end_of_the_period_and_takes_it_back() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let id = session(&mut account, &customer, "");
    let cancelled = account.sim.portal_cancel(&id, &subscription).unwrap();
    assert_eq!(
        (&cancelled["status"], &cancelled["cancel_at_period_end"]),
        (&json!("active"), &json!(true))
    );
    let told = account.last_event("customer.subscription.updated");
    assert_eq!(
        told["data"]["previous_attributes"]["cancel_at_period_end"],
        false
    );
    let renewed = account.sim.portal_renew(&id, &subscription).unwrap();
    assert_eq!(
        (&renewed["cancel_at_period_end"], &renewed["cancel_at"]),
        (&json!(false), &json!(null))
    );
    let (_, other) = account.subscriber("networker");
    account.sim.portal_cancel(&id, &other).unwrap_err();
    assert_eq!(account.object(&other)["cancel_at_period_end"], false);
}

#[test]
fn the_portal_does_what_its_configuration_allows() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let form = "features[invoice_history][enabled]=true&features[subscription_cancel][enabled]=true\
                &features[subscription_cancel][mode]=immediately&metadata[for]=test";
    let made = account.post("/v1/billing_portal/configurations", form);
    assert_eq!(
        (&made["is_default"], &made["active"]),
        (&json!(false), &json!(true))
    );
    let configuration = text(&made, "/id");
    let id = session(
        &mut account,
        &customer,
        &format!("&configuration={configuration}"),
    );
    account.sim.portal_card(&id, TestCard::Good).unwrap_err();
    let ended = account.sim.portal_cancel(&id, &subscription).unwrap();
    assert_eq!(ended["status"], "canceled");

    let path = format!("/v1/billing_portal/configurations/{configuration}");
    let changed = account.post(&path, "active=false&name=Old&metadata[for]=");
    assert_eq!(
        (&changed["name"], &changed["metadata"]),
        (&json!("Old"), &json!({}))
    );
    assert_eq!(account.get(&path, ""), changed);
    let form = format!("customer={customer}&configuration={configuration}");
    let (status, error) = account.refused("/v1/billing_portal/sessions", &form);
    assert_eq!((status, &error["param"]), (400, &json!("configuration")));
    let list = account.get("/v1/billing_portal/configurations", "active=true");
    assert_eq!(list["data"], json!([]));
    let (_, error) = account.refused("/v1/billing_portal/configurations", "name=x");
    assert_eq!(
        (&error["code"], &error["param"]),
        (&json!("parameter_missing"), &json!("features"))
    );
}

#[test]
fn a_flow_names_a_subscription_that_can_still_be_cancelled() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let cancel = format!(
        "customer={customer}&flow_data[type]=subscription_cancel\
         &flow_data[subscription_cancel][subscription]={subscription}"
    );
    let made = account.post("/v1/billing_portal/sessions", &cancel);
    assert_eq!(made["flow"]["type"], "subscription_cancel");
    assert_eq!(
        made["flow"]["subscription_cancel"]["subscription"],
        json!(subscription)
    );
    assert_eq!(made["flow"]["after_completion"]["type"], "portal_homepage");
    let (other, _) = account.subscriber("prospector");
    for form in [
        cancel.replace(&customer, &other),
        format!("customer={customer}&flow_data[type]=subscription_cancel"),
        format!("customer={customer}&flow_data[type]=subscription_dance"),
        format!(
            "customer={customer}&flow_data[type]=payment_method_update&flow_data[after_completion][type]=redirect"
        ),
    ] {
        assert_eq!(
            account.refused("/v1/billing_portal/sessions", &form).0,
            400,
            "{form}"
        );
    }
    call(
        &mut account.sim,
        "POST",
        &format!("/v1/subscriptions/{subscription}"),
        "",
        "cancel_at_period_end=true",
    );
    assert_eq!(
        account.refused("/v1/billing_portal/sessions", &cancel).0,
        400
    );
}

#[test]
fn the_bank_is_answered_by_its_own_customer_only() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let id = session(&mut account, &customer, "");
    account
        .sim
        .portal_card(&id, TestCard::AuthenticationRequired)
        .unwrap();
    account.advance_days(28);
    account.advance(2 * 3_600);
    assert_eq!(account.object(&subscription)["status"], "past_due");
    let waiting = account.sim.objects("payment_intent").rev();
    let mut waiting = waiting.filter(|intent| intent["status"] == "requires_action");
    let intent = text(waiting.next().unwrap(), "/id");
    drop(waiting);
    let (stranger, _) = account.subscriber("prospector");
    let theirs = session(&mut account, &stranger, "");
    account
        .sim
        .portal_authenticate(&theirs, &intent, Authentication::Passed)
        .unwrap_err();
    let own = session(&mut account, &customer, "");
    account
        .sim
        .portal_authenticate(&own, &intent, Authentication::Passed)
        .unwrap();
    assert_eq!(account.object(&subscription)["status"], "active");
    account
        .sim
        .portal_authenticate(&own, &intent, Authentication::Passed)
        .unwrap_err();
}
