//! Promotion codes that a customer types on the hosted page.

use serde_json::{Value, json};

use super::{plan, retrieve};
use crate::billing::discount::Redeemed;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::resources::{coupons, promotion_codes};
use crate::sim::StripeSim;

impl StripeSim {
    /// What the hosted page does with a code that its customer types, where the session allows codes: what the coupon
    /// takes off is off at once. Another code replaces the first.
    pub fn enter_promotion_code(
        &mut self,
        session_id: &str,
        code: &str,
    ) -> Result<Value, StripeError> {
        self.in_time_of(&[session_id], |sim| {
            let session = open_to_codes(sim, session_id)?;
            let redeemed = redeemed_by(sim, &session, code)?;
            put(sim, session_id, vec![redeemed]);
            retrieve(sim, session_id)
        })
    }

    /// Takes the code off again.
    pub fn remove_promotion_code(&mut self, session_id: &str) -> Result<Value, StripeError> {
        self.in_time_of(&[session_id], |sim| {
            open_to_codes(sim, session_id)?;
            put(sim, session_id, Vec::new());
            retrieve(sim, session_id)
        })
    }
}

fn open_to_codes(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    let session = retrieve(sim, id)?;
    if session.text("status") == "open" && session.flag("allow_promotion_codes") {
        Ok(session)
    } else {
        Err(StripeError::invalid(
            "This Checkout Session takes no promotion codes.",
        ))
    }
}

fn redeemed_by(sim: &StripeSim, session: &Value, code: &str) -> Result<Redeemed, StripeError> {
    let invalid = || StripeError::invalid("This code is invalid.").code("coupon_expired");
    let found = sim
        .objects("promotion_code")
        .find(|other| other.flag("active") && other.text("code").eq_ignore_ascii_case(code.trim()));
    let usable = found.and_then(|found| promotion_codes::usable(sim, found.text("id")).ok());
    let code = usable.ok_or_else(invalid)?;
    let is_for = code.text_at("customer");
    if is_for.is_some_and(|customer| session.text("customer") != customer) {
        return Err(invalid());
    }
    let coupon = code.text("promotion/coupon");
    coupons::usable(sim, coupon, session.text("currency")).map_err(|_| invalid())?;
    Ok(Redeemed {
        coupon: coupon.to_owned(),
        promotion_code: code.text_at("id").map(str::to_owned),
    })
}

/// Writes the discounts of a session, and what follows for its sums.
fn put(sim: &mut StripeSim, id: &str, discounts: Vec<Redeemed>) {
    let Some(plan) = sim.sessions.get_mut(id) else {
        return;
    };
    plan.discounts = discounts;
    let plan = plan.clone();
    let Some(amounts) = plan::amounts(sim, &plan) else {
        return;
    };
    sim.store.change(id, |session| {
        session.put("discounts", shown(&plan.discounts));
        session.put("amount_total", amounts.total);
        let off = amounts.subtotal - amounts.total;
        session.put("total_details/amount_discount", off);
    });
}

/// The field `discounts` of a session.
pub(super) fn shown(discounts: &[Redeemed]) -> Vec<Value> {
    discounts
        .iter()
        .map(|redeemed| json!({"coupon": redeemed.coupon, "promotion_code": redeemed.promotion_code}))
        .collect()
}
