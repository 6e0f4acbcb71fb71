//! `/v1/account` and `/v1/balance`: the account itself, which no call here changes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::lists;
use crate::sim::StripeSim;

/// `GET /v1/account`
pub(crate) fn retrieve(sim: &StripeSim) -> Result<Value, StripeError> {
    // The seed's complement, so that the account's letters are not those of the first object.
    let id = format!("acct_1{}", Ids::new(!sim.options.seed).letters(15));
    let nothing_due = json!({
        "alternatives": [],
        "current_deadline": null,
        "currently_due": [],
        "disabled_reason": null,
        "errors": [],
        "eventually_due": [],
        "past_due": [],
        "pending_verification": [],
    });
    Ok(json!({
        "id": id,
        "object": "account",
        "business_profile": {
            "annual_revenue": null,
            "estimated_worker_count": null,
            "mcc": null,
            "minority_owned_business_designation": null,
            "name": null,
            "product_description": null,
            "specified_commercial_transactions_act_url": null,
            "support_address": null,
            "support_email": null,
            "support_phone": null,
            "support_url": null,
            "url": null,
        },
        "business_type": null,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": true,
        "controller": {"type": "account"},
        "country": "US",
        "created": sim.options.now_s,
        "default_currency": "usd",
        "details_submitted": true,
        "email": null,
        "external_accounts": lists::list(Vec::new(), false, &format!("/v1/accounts/{id}/external_accounts")),
        "future_requirements": nothing_due,
        "metadata": {},
        "payouts_enabled": true,
        "requirements": nothing_due,
        "settings": {
            "branding": {"icon": null, "logo": null, "primary_color": null, "secondary_color": null},
            "card_payments": {
                "decline_on": {"avs_failure": true, "cvc_failure": true},
                "statement_descriptor_prefix": null,
                "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
            "dashboard": {"display_name": null, "timezone": "Etc/UTC"},
            "payments": {
                "statement_descriptor": null,
                "statement_descriptor_kana": null,
                "statement_descriptor_kanji": null,
                "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
            "payouts": {
                "debit_negative_balances": true,
                "schedule": {"delay_days": 2, "interval": "daily"},
                "statement_descriptor": null,
            },
        },
        "tos_acceptance": {"date": null, "ip": null, "user_agent": null},
        "type": "standard",
    }))
}

/// `GET /v1/balance`: what was charged less what was given back. The simulator takes no fees and pays nothing out, so all
/// of it is pending.
pub(crate) fn balance(sim: &StripeSim) -> Result<Value, StripeError> {
    let mut pending: BTreeMap<&str, i64> = BTreeMap::from([("usd", 0)]);
    let kept = |object: &Value| object.text("status") == "succeeded";
    for charge in sim.store.all("charge", None).filter(|charge| kept(charge)) {
        *pending.entry(charge.text("currency")).or_default() += charge.int("amount_captured");
    }
    for refund in sim.store.all("refund", None).filter(|refund| kept(refund)) {
        *pending.entry(refund.text("currency")).or_default() -= refund.int("amount");
    }
    for dispute in sim.store.all("dispute", None) {
        // An inquiry takes no money, and a dispute that was won gives it back.
        let holds_money =
            !dispute.text("status").starts_with("warning_") && dispute.text("status") != "won";
        if holds_money {
            *pending.entry(dispute.text("currency")).or_default() -= dispute.int("amount");
        }
    }
    let amounts = |amount_of: &dyn Fn(i64) -> i64| -> Vec<Value> {
        let each = pending.iter().map(|(currency, amount)| {
            let amount = amount_of(*amount);
            json!({"amount": amount, "currency": currency, "source_types": {"card": amount}})
        });
        each.collect()
    };
    Ok(json!({
        "object": "balance",
        "available": amounts(&|_| 0),
        "livemode": sim.options.livemode,
        "pending": amounts(&|amount| amount),
    }))
}
