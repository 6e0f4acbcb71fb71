//! The state as a whole: the same calls give the same bytes, and it survives being written down.

use stripe_sim::{OpenInvoices, Options, StripeSim, TestCard, sample_events};

use crate::account::{Account, START_S};

fn first_half(account: &mut Account) -> String {
    let (customer, subscription) = account.subscriber("prospector");
    account.post(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}"),
    );
    account.advance_days(40);
    let replaced = account.sim.replace_card(
        &customer,
        TestCard::DeclinedAfterAttach,
        OpenInvoices::Leave,
    );
    assert!(replaced.is_ok());
    account.advance_days(30);
    customer
}

fn second_half(account: &mut Account, customer: &str) {
    account.deliver_all();
    assert!(
        account
            .sim
            .replace_card(customer, TestCard::Good, OpenInvoices::Pay)
            .is_ok()
    );
    account.advance_days(90);
}

#[test]
fn one_seed_and_the_same_calls_give_the_same_state() {
    let [mut one, mut two] = [Account::open(), Account::open()];
    let customer = first_half(&mut one);
    assert_eq!(first_half(&mut two), customer);
    second_half(&mut one, &customer);
    second_half(&mut two, &customer);
    let bytes = |account: &Account| serde_json::to_vec(&account.sim).unwrap();
    assert_eq!(bytes(&one), bytes(&two));

    let other = Account::open_with(Options {
        now_s: START_S,
        seed: 2,
        ..Options::default()
    });
    assert_ne!(other.secret, one.secret);
}

#[test]
fn a_state_written_down_and_read_back_goes_on_as_if_nothing_had_happened() {
    let mut account = Account::open();
    let customer = first_half(&mut account);
    let written = serde_json::to_string(&account.sim).unwrap();
    let sim: StripeSim = serde_json::from_str(&written).unwrap();
    assert_eq!(sim, account.sim);
    let mut read = Account {
        sim,
        secret: account.secret.clone(),
    };
    second_half(&mut account, &customer);
    second_half(&mut read, &customer);
    assert_eq!(read.sim, account.sim);
}

#[test]
fn a_clone_can_be_tried_on_and_thrown_away() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let before = account.sim.clone();
    let mut aside = Account {
        sim: account.sim.clone(),
        secret: account.secret.clone(),
    };
    aside.delete(&format!("/v1/customers/{customer}"));
    aside.advance_days(400);
    assert_eq!(account.sim, before);
}

#[test]
fn the_clock_in_one_step_and_in_many_comes_to_the_same() {
    let mut one = Account::open();
    first_half(&mut one);
    // Deliveries that nobody takes would be due all the time.
    one.deliver_all();
    one.disable_endpoint();
    let mut many = Account {
        sim: one.sim.clone(),
        secret: String::new(),
    };
    one.advance_days(120);
    while many.sim.now_s() < one.sim.now_s() {
        let next_s = many.sim.next_due_s().unwrap_or(i64::MAX);
        assert!(next_s > many.sim.now_s());
        many.sim.advance_to(next_s.min(one.sim.now_s()));
    }
    assert_eq!(many.sim, one.sim);
}

#[test]
fn samples_do_not_depend_on_anything() {
    assert_eq!(sample_events(), sample_events());
}

#[test]
fn a_state_from_before_there_were_clocks_and_coupons_is_still_read() {
    let mut account = Account::open();
    let price = account.price("prospector");
    account.post(
        "/v1/checkout/sessions",
        &format!(
            "mode=subscription&success_url=https://example.com&line_items[0][price]={price}\
             &line_items[0][quantity]=1"
        ),
    );
    first_half(&mut account);
    let mut written = serde_json::to_value(&account.sim).unwrap();
    assert!(written.as_object_mut().unwrap().remove("clocks").is_some());
    for plan in written["sessions"].as_object_mut().unwrap().values_mut() {
        assert!(plan.as_object_mut().unwrap().remove("discounts").is_some());
    }
    let read: StripeSim = serde_json::from_value(written).unwrap();
    assert_eq!(read, account.sim);
}
