//! `/v1/promotion_codes`: words by which customers redeem a coupon.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::Params;
use crate::resources::{self, coupons, customers};
use crate::sim::StripeSim;

/// `POST /v1/promotion_codes`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "promotion[type]",
        "promotion[coupon]",
        "code",
        "active",
        "customer",
        "expires_at",
        "max_redemptions",
        "metadata[*]",
    ])?;
    params.required("promotion[type]")?;
    params.word("promotion[type]", &["coupon"])?;
    let coupon = params.required("promotion[coupon]")?;
    coupons::retrieve(sim, coupon).map_err(|error| error.status(400).param("promotion[coupon]"))?;
    if let Some(customer) = params.given("customer") {
        customers::living(sim, customer)?;
    }
    let expires_at = params.int("expires_at")?;
    if expires_at.is_some_and(|at_s| at_s <= sim.now_s) {
        return Err(StripeError::invalid("`expires_at` must be in the future.").param("expires_at"));
    }
    let code = match params.given("code") {
        Some(code) => code.to_owned(),
        None => sim.ids.letters(8).to_uppercase(),
    };
    let taken = sim
        .objects("promotion_code")
        .any(|other| other.flag("active") && other.text("code").eq_ignore_ascii_case(&code));
    if taken {
        return Err(StripeError::invalid(
            "An active promotion code with the same code already exists.",
        )
        .param("code"));
    }
    let max_redemptions = params.int_within("max_redemptions", 1..=i64::from(u32::MAX))?;
    let active = params.flag("active")?.unwrap_or(true);
    let metadata = params.metadata("metadata")?;
    let id = sim.ids.long("promo");
    sim.store.insert(json!({
        "id": id,
        "object": "promotion_code",
        "active": active,
        "code": code,
        "created": sim.now_s,
        "customer": params.given("customer"),
        "customer_account": null,
        "expires_at": expires_at,
        "livemode": sim.options.livemode,
        "max_redemptions": max_redemptions,
        "metadata": metadata,
        "promotion": {"coupon": coupon, "type": "coupon"},
        "restrictions": {
            "first_time_transaction": false, "minimum_amount": null, "minimum_amount_currency": null,
        },
        "times_redeemed": 0,
    }));
    sim.emit("promotion_code.created", &id);
    retrieve(sim, &id)
}

/// `GET /v1/promotion_codes/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "promotion_code", "promotion code", id)
}

/// `POST /v1/promotion_codes/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["active", "metadata[*]"])?;
    let mut code = retrieve(sim, id)?;
    if let Some(active) = params.flag("active")? {
        code.put("active", active);
    }
    let mut metadata = code.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    code.put("metadata", metadata);
    sim.update("promotion_code.updated", id, |slot| *slot = code);
    retrieve(sim, id)
}

/// `GET /v1/promotion_codes`
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(
        &[
            &lists::PAGING_BY_TIME[..],
            &["active", "code", "coupon", "customer"],
        ]
        .concat(),
    )?;
    let (created, active) = (lists::in_range(params, "created")?, params.flag("active")?);
    let listing = Listing {
        kind: "promotion_code",
        noun: "promotion code",
        url: "/v1/promotion_codes",
        owner: params.given("customer"),
    };
    lists::page(&sim.store, &listing, params, |code| {
        created(code.int("created"))
            && active.is_none_or(|active| code.flag("active") == active)
            && params
                .given("code")
                .is_none_or(|wanted| code.text("code").eq_ignore_ascii_case(wanted))
            && params
                .given("coupon")
                .is_none_or(|wanted| code.text("promotion/coupon") == wanted)
    })
}

/// A code that can be redeemed now.
pub(crate) fn usable(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    let code = retrieve(sim, id).map_err(|error| error.status(400))?;
    let used_up = code
        .int_at("max_redemptions")
        .is_some_and(|max| code.int("times_redeemed") >= max);
    let over = code
        .int_at("expires_at")
        .is_some_and(|at_s| at_s <= sim.now_s);
    if !code.flag("active") || used_up || over {
        return Err(StripeError::invalid(format!(
            "The promotion code {id} is not active, used up or expired."
        ))
        .code("coupon_expired"));
    }
    Ok(code)
}
