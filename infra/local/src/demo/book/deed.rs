//! What somebody in the book may do.

/// One thing that somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Deed {
    /// Signs up for the plan with this key and pays.
    SignUp(&'static str),
    /// Opens the page for this plan and leaves it.
    LeavePage(&'static str),
    /// Is subscribed at Stripe by hand, to a price that is no plan's.
    SubscribeByHand,
    /// Moves to this plan at once, paying the difference.
    Upgrade(&'static str),
    /// Moves to this plan with the next period.
    Downgrade(&'static str),
    /// The card on file now declines.
    CardFails,
    /// Gives a good card, which pays what is owed.
    CardMended,
    /// Ends the subscription at once.
    Cancel,
    /// Ends it with the period.
    CancelAtPeriodEnd,
    /// Pauses collection.
    Pause,
    /// Has the last charge refunded, whole.
    RefundWhole,
    /// Has $20.00 of it refunded.
    RefundPart,
    /// Has it refunded to an account that is closed meanwhile.
    RefundFails,
    /// Has $20.00 of it refunded, for which the account's balance does not suffice yet.
    RefundWaits,
    /// Has the bank inquire after the last charge.
    Inquire,
    /// Disputes the last charge at the bank.
    Dispute,
    /// The bank decides the dispute for Linky.
    DisputeWon,
    /// The bank decides it for the customer.
    DisputeLost,
    /// From now on, Stripe lets nobody read this customer's subscription.
    KeyMayNotRead,
    /// Changes at Stripe while no webhook arrives: a plan, an end, a pause.
    DriftPlan,
    /// See [`Deed::DriftPlan`].
    DriftEnd,
    /// See [`Deed::DriftPlan`].
    DriftPause,
}
