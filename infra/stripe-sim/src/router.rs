//! Which call goes where.

use serde_json::Value;

use crate::error::StripeError;
use crate::events;
use crate::params::Params;
use crate::resources::billing_portal::{configurations, sessions as portal_sessions};
use crate::resources::{
    account, charges, checkout_sessions, coupons, credit_notes, customer_balance, customers,
    disputes, early_fraud_warnings, invoice_items, invoice_payments, invoices, payment_intents,
    payment_methods, prices, products, promotion_codes, refunds, setup_intents, subscription_items,
    subscription_schedules, subscriptions, test_clocks, webhook_endpoints,
};
use crate::sim::StripeSim;

/// Carries out one call.
pub(crate) fn route(
    sim: &mut StripeSim,
    method: &str,
    path: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let unknown = || {
        StripeError::invalid(format!(
            "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at \
             https://support.stripe.com/."
        ))
        .status(404)
    };
    let ["v1", call @ ..] = segments.as_slice() else {
        return Err(unknown());
    };
    // What only reads takes no parameters but those of its list, and `expand`.
    let bare = || params.only(&[]);
    match (method, call) {
        ("GET", ["customers"]) => customers::list(sim, params),
        ("POST", ["customers"]) => customers::create(sim, params),
        ("GET", ["customers", "search"]) => customers::search(sim, params),
        ("GET", ["customers", id]) => bare().and_then(|()| customers::retrieve(sim, id)),
        ("POST", ["customers", id]) => customers::update(sim, id, params),
        ("DELETE", ["customers", id]) => customers::delete(sim, id, params),
        ("GET", ["customers", id, "balance_transactions"]) => {
            customer_balance::list(sim, id, params)
        }
        ("POST", ["customers", id, "balance_transactions"]) => {
            customer_balance::create(sim, id, params)
        }
        ("GET", ["customers", id, "balance_transactions", transaction]) => {
            bare().and_then(|()| customer_balance::retrieve(sim, id, transaction))
        }
        ("GET", ["customers", id, "payment_methods"]) => {
            payment_methods::list_of_customer(sim, id, params)
        }
        ("GET", ["customers", id, "payment_methods", method]) => {
            bare().and_then(|()| payment_methods::retrieve_of_customer(sim, id, method))
        }

        ("GET", ["products"]) => products::list(sim, params),
        ("POST", ["products"]) => products::create(sim, params),
        ("GET", ["products", "search"]) => products::search(sim, params),
        ("GET", ["products", id]) => bare().and_then(|()| products::retrieve(sim, id)),
        ("POST", ["products", id]) => products::update(sim, id, params),
        ("DELETE", ["products", id]) => bare().and_then(|()| products::delete(sim, id)),

        ("GET", ["prices"]) => prices::list(sim, params),
        ("POST", ["prices"]) => prices::create(sim, params),
        ("GET", ["prices", "search"]) => prices::search(sim, params),
        ("GET", ["prices", id]) => bare().and_then(|()| prices::retrieve(sim, id)),
        ("POST", ["prices", id]) => prices::update(sim, id, params),

        ("GET", ["coupons"]) => coupons::list(sim, params),
        ("POST", ["coupons"]) => coupons::create(sim, params),
        ("GET", ["coupons", id]) => bare().and_then(|()| coupons::retrieve(sim, id)),
        ("POST", ["coupons", id]) => coupons::update(sim, id, params),
        ("DELETE", ["coupons", id]) => bare().and_then(|()| coupons::delete(sim, id)),
        ("GET", ["promotion_codes"]) => promotion_codes::list(sim, params),
        ("POST", ["promotion_codes"]) => promotion_codes::create(sim, params),
        ("GET", ["promotion_codes", id]) => {
            bare().and_then(|()| promotion_codes::retrieve(sim, id))
        }
        ("POST", ["promotion_codes", id]) => promotion_codes::update(sim, id, params),

        ("GET", ["payment_methods"]) => payment_methods::list(sim, params),
        ("POST", ["payment_methods"]) => payment_methods::create(sim, params),
        ("GET", ["payment_methods", id]) => {
            bare().and_then(|()| payment_methods::retrieve(sim, id))
        }
        ("POST", ["payment_methods", id]) => payment_methods::update(sim, id, params),
        ("POST", ["payment_methods", id, "attach"]) => payment_methods::attach(sim, id, params),
        ("POST", ["payment_methods", id, "detach"]) => payment_methods::detach(sim, id, params),

        ("GET", ["checkout", "sessions"]) => checkout_sessions::list(sim, params),
        ("POST", ["checkout", "sessions"]) => checkout_sessions::create(sim, params),
        ("GET", ["checkout", "sessions", id]) => {
            bare().and_then(|()| checkout_sessions::retrieve(sim, id))
        }
        ("GET", ["checkout", "sessions", id, "line_items"]) => {
            checkout_sessions::line_items_of(sim, id, params)
        }
        ("POST", ["checkout", "sessions", id, "expire"]) => {
            checkout_sessions::expire(sim, id, params)
        }

        ("GET", ["billing_portal", "configurations"]) => configurations::list(sim, params),
        ("POST", ["billing_portal", "configurations"]) => configurations::create(sim, params),
        ("GET", ["billing_portal", "configurations", id]) => {
            bare().and_then(|()| configurations::retrieve(sim, id))
        }
        ("POST", ["billing_portal", "configurations", id]) => {
            configurations::update(sim, id, params)
        }
        ("POST", ["billing_portal", "sessions"]) => portal_sessions::create(sim, params),

        ("GET", ["subscriptions"]) => subscriptions::list(sim, params),
        ("POST", ["subscriptions"]) => subscriptions::create(sim, params),
        ("GET", ["subscriptions", "search"]) => subscriptions::search(sim, params),
        ("GET", ["subscriptions", id]) => bare().and_then(|()| subscriptions::retrieve(sim, id)),
        ("POST", ["subscriptions", id]) => subscriptions::update(sim, id, params),
        ("POST", ["subscriptions", id, "resume"]) => subscriptions::resume(sim, id, params),
        ("DELETE", ["subscriptions", id, "discount"]) => {
            bare().and_then(|()| subscriptions::delete_discount(sim, id))
        }
        ("DELETE", ["subscriptions", id]) => subscriptions::delete(sim, id, params),
        ("POST", ["subscription_items"]) => subscription_items::create(sim, params),
        ("GET", ["subscription_items", id]) => {
            bare().and_then(|()| subscription_items::retrieve(sim, id))
        }
        ("POST", ["subscription_items", id]) => subscription_items::update(sim, id, params),
        ("DELETE", ["subscription_items", id]) => subscription_items::delete(sim, id, params),
        ("GET", ["subscription_items"]) => subscription_items::list(sim, params),

        ("GET", ["subscription_schedules"]) => subscription_schedules::list(sim, params),
        ("POST", ["subscription_schedules"]) => subscription_schedules::create(sim, params),
        ("GET", ["subscription_schedules", id]) => {
            bare().and_then(|()| subscription_schedules::retrieve(sim, id))
        }
        ("POST", ["subscription_schedules", id]) => subscription_schedules::update(sim, id, params),
        ("POST", ["subscription_schedules", id, "release"]) => {
            subscription_schedules::release(sim, id, params)
        }
        ("POST", ["subscription_schedules", id, "cancel"]) => {
            subscription_schedules::cancel(sim, id, params)
        }

        ("GET", ["invoices"]) => invoices::list(sim, params),
        ("POST", ["invoices"]) => invoices::create(sim, params),
        ("GET", ["invoices", "search"]) => invoices::search(sim, params),
        ("POST", ["invoices", "create_preview"]) => invoices::create_preview(sim, params),
        ("GET", ["invoices", id]) => bare().and_then(|()| invoices::retrieve(sim, id)),
        ("GET", ["invoices", id, "lines"]) => invoices::lines(sim, id, params),
        ("POST", ["invoices", id, "lines", line]) => invoices::update_line(sim, id, line, params),
        ("POST", ["invoices", id, "add_lines"]) => invoices::add_lines(sim, id, params),
        ("POST", ["invoices", id, "remove_lines"]) => invoices::remove_lines(sim, id, params),
        ("POST", ["invoices", id, "update_lines"]) => invoices::update_lines(sim, id, params),
        ("POST", ["invoices", id]) => invoices::update(sim, id, params),
        ("POST", ["invoices", id, "finalize"]) => invoices::finalize(sim, id, params),
        ("POST", ["invoices", id, "pay"]) => invoices::pay(sim, id, params),
        ("POST", ["invoices", id, "send"]) => invoices::send(sim, id, params),
        ("POST", ["invoices", id, "void"]) => invoices::void(sim, id, params),
        ("POST", ["invoices", id, "mark_uncollectible"]) => {
            invoices::mark_uncollectible(sim, id, params)
        }
        ("DELETE", ["invoices", id]) => invoices::delete(sim, id, params),
        ("GET", ["invoiceitems"]) => invoice_items::list(sim, params),
        ("POST", ["invoiceitems"]) => invoice_items::create(sim, params),
        ("POST", ["invoiceitems", id]) => invoice_items::update(sim, id, params),
        ("DELETE", ["invoiceitems", id]) => bare().and_then(|()| invoice_items::delete(sim, id)),
        ("GET", ["invoiceitems", id]) => bare().and_then(|()| invoice_items::retrieve(sim, id)),
        ("GET", ["invoice_payments"]) => invoice_payments::list(sim, params),
        ("GET", ["invoice_payments", id]) => {
            bare().and_then(|()| invoice_payments::retrieve(sim, id))
        }

        ("GET", ["credit_notes"]) => credit_notes::list(sim, params),
        ("POST", ["credit_notes"]) => credit_notes::create(sim, params),
        ("GET", ["credit_notes", "preview"]) => credit_notes::preview(sim, params),
        ("GET", ["credit_notes", "preview", "lines"]) => credit_notes::preview_lines(sim, params),
        ("GET", ["credit_notes", id]) => bare().and_then(|()| credit_notes::retrieve(sim, id)),
        ("GET", ["credit_notes", id, "lines"]) => credit_notes::lines(sim, id, params),
        ("POST", ["credit_notes", id]) => credit_notes::update(sim, id, params),
        ("POST", ["credit_notes", id, "void"]) => credit_notes::void(sim, id, params),

        ("GET", ["charges"]) => charges::list(sim, params),
        ("GET", ["charges", "search"]) => charges::search(sim, params),
        ("POST", ["charges", id]) => charges::update(sim, id, params),
        ("GET", ["charges", id, "refunds"]) => refunds::list_of_charge(sim, id, params),
        ("GET", ["charges", id]) => bare().and_then(|()| charges::retrieve(sim, id)),
        ("GET", ["payment_intents"]) => payment_intents::list(sim, params),
        ("POST", ["payment_intents"]) => payment_intents::create(sim, params),
        ("GET", ["payment_intents", "search"]) => payment_intents::search(sim, params),
        ("POST", ["payment_intents", id]) => payment_intents::update(sim, id, params),
        ("POST", ["payment_intents", id, "capture"]) => payment_intents::capture(sim, id, params),
        ("POST", ["payment_intents", id, "cancel"]) => payment_intents::cancel(sim, id, params),
        ("GET", ["payment_intents", id]) => {
            bare().and_then(|()| payment_intents::retrieve(sim, id))
        }
        ("POST", ["payment_intents", id, "confirm"]) => payment_intents::confirm(sim, id, params),
        ("GET", ["setup_intents"]) => setup_intents::list(sim, params),
        ("POST", ["setup_intents"]) => setup_intents::create(sim, params),
        ("GET", ["setup_intents", id]) => bare().and_then(|()| setup_intents::retrieve(sim, id)),
        ("POST", ["setup_intents", id]) => setup_intents::update(sim, id, params),
        ("POST", ["setup_intents", id, "confirm"]) => setup_intents::confirm(sim, id, params),
        ("POST", ["setup_intents", id, "cancel"]) => setup_intents::cancel(sim, id, params),
        ("GET", ["refunds"]) => refunds::list(sim, params),
        ("POST", ["refunds"]) => refunds::create(sim, params),
        ("GET", ["refunds", id]) => bare().and_then(|()| refunds::retrieve(sim, id)),
        ("POST", ["refunds", id]) => refunds::update(sim, id, params),
        ("POST", ["refunds", id, "cancel"]) => refunds::cancel(sim, id, params),
        ("POST", ["test_helpers", "refunds", id, "expire"]) => refunds::expire(sim, id, params),
        ("GET", ["disputes"]) => disputes::list(sim, params),
        ("GET", ["disputes", id]) => bare().and_then(|()| disputes::retrieve(sim, id)),
        ("POST", ["disputes", id]) => disputes::update(sim, id, params),
        ("POST", ["disputes", id, "close"]) => disputes::close(sim, id, params),

        ("GET", ["radar", "early_fraud_warnings"]) => early_fraud_warnings::list(sim, params),
        ("GET", ["radar", "early_fraud_warnings", id]) => {
            bare().and_then(|()| early_fraud_warnings::retrieve(sim, id))
        }

        ("GET", ["webhook_endpoints"]) => webhook_endpoints::list(sim, params),
        ("POST", ["webhook_endpoints"]) => webhook_endpoints::create(sim, params),
        ("GET", ["webhook_endpoints", id]) => {
            bare().and_then(|()| webhook_endpoints::retrieve(sim, id))
        }
        ("POST", ["webhook_endpoints", id]) => webhook_endpoints::update(sim, id, params),
        ("DELETE", ["webhook_endpoints", id]) => webhook_endpoints::delete(sim, id, params),

        ("GET", ["test_helpers", "test_clocks"]) => test_clocks::list(sim, params),
        ("POST", ["test_helpers", "test_clocks"]) => test_clocks::create(sim, params),
        ("GET", ["test_helpers", "test_clocks", id]) => {
            bare().and_then(|()| test_clocks::retrieve(sim, id))
        }
        ("POST", ["test_helpers", "test_clocks", id, "advance"]) => {
            test_clocks::advance(sim, id, params)
        }
        ("DELETE", ["test_helpers", "test_clocks", id]) => test_clocks::delete(sim, id, params),

        ("GET", ["account"]) => bare().and_then(|()| account::retrieve(sim)),
        ("GET", ["balance"]) => bare().and_then(|()| account::balance(sim)),

        ("GET", ["events"]) => events::list(sim, params),
        ("GET", ["events", id]) => bare().and_then(|()| events::retrieve(sim, id)),

        _ => Err(unknown()),
    }
}
