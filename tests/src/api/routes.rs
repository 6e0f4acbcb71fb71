//! The table.

use acknowledge_alert::wire::AcknowledgeForm;
use admin_approve::wire::{Nothing, RejectionForm};
use admin_change_plan::wire::{ChangeForm, KeepForm, PlanPreview, PreviewForm};
use admin_note::wire::NoteForm;
use admin_read::wire::{
    ActionList, ActionsName, ActionsQuery, AlertList, AuditList, AuditQuery, DeliveriesQuery,
    DeliveryList, EventList, EventView, EventsName, EventsQuery, HealthView, MailList, MailQuery,
    MailView, MoneyView, PageQuery, PlanList, PolicyView, Reports, ReportsQuery, RunDetail,
    RunList, SortName, StaffList, Timeline, TimelineQuery, User, UserList, UsersQuery,
};
use admin_refund::wire::{ChargeList, RefundForm, RefundPreview};
use admin_staff::wire::{InvitationForm, LimitsForm, LimitsSet, ReasonForm, RoleForm};
use admin_subscription::wire::{SubscriptionForm, Unused};
use replay_event::wire::{ReplayForm, ReplayReport};
use resync_customer::wire::{ResyncForm, Resynced};
use send_password_reset::wire::{NewPasswordForm, OnItsWay, ResetForCustomerForm, ResetForm};
use shared::action::Action;
use shared::http::Done;
use shared::policy::Operation;
use shared::staff::StaffView;
use shared::store::alerts::AlertView;
use shared::store::notes::Note;
use sign_in::wire::{
    CodeForm, Enrolled, OfferedAuthenticator, PasswordForm, SessionList, SessionView,
};
use verify_audit::wire::{Verified, VerifyQuery};

use super::{Needs, Route};

const REASON: &str = r#"{"reason":"A probe"}"#;

/// Every route of the portal's API.
pub fn routes() -> Vec<Route> {
    [sign_in(), look(), customers(), desk(), staff()].concat()
}

fn sign_in() -> Vec<Route> {
    let code = r#"{"code":"000000"}"#;
    vec![
        Route::change::<PasswordForm, SessionView>(
            ("POST", "/api/sign-in"),
            Needs::Nobody,
            r#"{"kind":"administrator","email":"nobody@example.com","password":"none of anybody"}"#,
            "Sign in with address and password",
        ),
        Route::change::<CodeForm, SessionView>(
            ("POST", "/api/sign-in/second-factor"),
            Needs::Session,
            code,
            "Show a code of the authenticator app, or a recovery code",
        ),
        Route::change::<Nothing, Done>(
            ("POST", "/api/sign-out"),
            Needs::Nobody,
            "{}",
            "End the session that asks",
        ),
        Route::new::<SessionView>(
            "GET",
            "/api/session",
            Needs::Session,
            "The session that asks",
        ),
        Route::change::<CodeForm, SessionView>(
            ("POST", "/api/session/step-up"),
            Needs::SignedIn,
            code,
            "Show a code again, before what moves money",
        ),
        Route::new::<SessionList>(
            "GET",
            "/api/sessions",
            Needs::SignedIn,
            "The caller's sessions",
        ),
        Route::new::<Done>(
            "DELETE",
            "/api/sessions/{id}",
            Needs::SignedIn,
            "End one of the caller's sessions",
        ),
        Route::change::<Nothing, OfferedAuthenticator>(
            ("POST", "/api/authenticator"),
            Needs::Session,
            "{}",
            "Offer an authenticator to be set up",
        ),
        Route::change::<CodeForm, Enrolled>(
            ("POST", "/api/authenticator/confirm"),
            Needs::Session,
            code,
            "Confirm the offered authenticator by a code of it",
        ),
        Route::change::<ResetForm, OnItsWay>(
            ("POST", "/api/password-resets"),
            Needs::Nobody,
            r#"{"kind":"administrator","email":"nobody@example.com"}"#,
            "Ask for a link to set a new password by",
        )
        .answering(&[202]),
        Route::change::<NewPasswordForm, Done>(
            ("POST", "/api/password-resets/confirm"),
            Needs::Nobody,
            r#"{"token":"none","password":"a password of a probe"}"#,
            "Set a new password by a link",
        ),
    ]
}

fn look() -> Vec<Route> {
    vec![
        Route::read::<UserList>(
            "/api/admin/users",
            "Customers, searched, filtered and sorted",
        )
        .with_query::<UsersQuery>()
        .naming::<SortName>(),
        Route::read::<User>("/api/admin/users/{id}", "One customer whole"),
        Route::read::<MoneyView>(
            "/api/admin/users/{id}/money",
            "A customer's invoices, refunds and disputes",
        ),
        Route::read::<ChargeList>(
            "/api/admin/users/{id}/charges",
            "A customer's charges, as Stripe has them now",
        ),
        Route::read::<Unused>(
            "/api/admin/users/{id}/subscription/unused",
            "What is paid for and not used up",
        ),
        Route::read::<Timeline>(
            "/api/admin/users/{id}/timeline",
            "What has happened to a customer",
        )
        .with_query::<TimelineQuery>(),
        Route::read::<MailList>("/api/admin/users/{id}/mails", "The mails to a customer"),
        Route::read::<MailView>("/api/admin/users/{id}/mail", "A mail as its reader sees it")
            .with_query::<MailQuery>(),
        Route::read::<ActionList>(
            "/api/admin/users/{id}/actions",
            "What administrators had done to a customer",
        )
        .with_query::<PageQuery>(),
        Route::read::<ActionList>("/api/admin/actions", "Actions, or requests for approval")
            .with_query::<ActionsQuery>()
            .naming::<ActionsName>(),
        Route::read::<Action>("/api/admin/actions/{id}", "One action"),
        Route::read::<EventList>("/api/admin/events", "Events that wait, or were given up")
            .with_query::<EventsQuery>()
            .naming::<EventsName>(),
        Route::read::<EventView>("/api/admin/events/{id}", "One event"),
        Route::read::<DeliveryList>("/api/admin/deliveries", "The deliveries of a day")
            .with_query::<DeliveriesQuery>(),
        Route::read::<AuditList>("/api/admin/audit", "The audit log").with_query::<AuditQuery>(),
        Route::read::<Verified>("/api/admin/audit/verify", "Look the audit log through")
            .with_query::<VerifyQuery>(),
        Route::read::<AlertList>("/api/admin/alerts", "The open alerts"),
        Route::read::<HealthView>("/api/admin/health", "How every part does"),
        Route::read::<Reports>("/api/admin/reports", "The figures of days")
            .with_query::<ReportsQuery>(),
        Route::read::<RunList>("/api/admin/runs", "The nightly comparisons with Stripe"),
        Route::read::<RunDetail>("/api/admin/runs/{day}", "One nightly comparison"),
        Route::read::<StaffList>("/api/admin/staff", "The administrators"),
        Route::read::<PolicyView>("/api/admin/policy", "Who may do what, within which limits"),
        Route::read::<PlanList>("/api/admin/plans", "The plans"),
    ]
}

fn customers() -> Vec<Route> {
    let admin = Needs::Admin;
    let refund = r#"{"charge":"ch_CHARGE","amount_cents":100,"currency":"usd","why":"goodwill","reason":"A probe"}"#;
    vec![
        Route::change::<RefundForm, RefundPreview>(
            ("POST", "/api/admin/users/{id}/refunds/preview"),
            admin(Operation::Refund),
            refund,
            "What a refund would meet",
        ),
        Route::change::<RefundForm, Action>(
            ("POST", "/api/admin/users/{id}/refunds"),
            admin(Operation::Refund),
            refund,
            "Give money back",
        )
        .keyed()
        .answering(&[200, 202]),
        Route::change::<SubscriptionForm, Action>(
            ("POST", "/api/admin/users/{id}/subscription"),
            admin(Operation::PauseCollection),
            r#"{"order":{"operation":"pause_collection"},"reason":"A probe"}"#,
            "Have something done to a subscription",
        )
        .keyed()
        .answering(&[200, 202]),
        Route::change::<PreviewForm, PlanPreview>(
            ("POST", "/api/admin/users/{id}/plan/preview"),
            admin(Operation::ChangePlan),
            r#"{"plan":"networker"}"#,
            "What a change of plan would come to",
        ),
        Route::change::<ChangeForm, Action>(
            ("POST", "/api/admin/users/{id}/plan"),
            admin(Operation::ChangePlan),
            r#"{"plan":"networker","when":"now","due_now_cents":1,"proration_date":"2026-01-01T00:00:00.000Z","reason":"A probe"}"#,
            "Change the plan as a preview showed",
        )
        .keyed()
        .answering(&[200, 202]),
        Route::change::<KeepForm, Action>(
            ("POST", "/api/admin/users/{id}/plan/keep"),
            admin(Operation::ChangePlan),
            REASON,
            "Take a change of plan back that is to come",
        )
        .keyed()
        .answering(&[200, 202]),
        Route::change::<ResetForCustomerForm, OnItsWay>(
            ("POST", "/api/admin/users/{id}/password-reset"),
            admin(Operation::ResetPassword),
            REASON,
            "Have a link sent by which a customer sets a new password",
        )
        .answering(&[202]),
        Route::change::<NoteForm, Note>(
            ("POST", "/api/admin/users/{id}/notes"),
            admin(Operation::Note),
            r#"{"text":"A probe"}"#,
            "Write a note on a customer",
        )
        .keyed()
        .answering(&[201]),
        Route::change::<NoteForm, Note>(
            ("PUT", "/api/admin/users/{id}/notes/{note}"),
            admin(Operation::Note),
            r#"{"text":"A probe"}"#,
            "Put a note of one's own otherwise",
        ),
        Route::change::<ResyncForm, Resynced>(
            ("POST", "/api/admin/users/{id}/resync"),
            admin(Operation::Resync),
            r#"{"apply":true,"reason":"A probe"}"#,
            "Compare a customer with Stripe, and put the record right",
        )
        .keyed(),
        Route::change::<Nothing, Action>(
            ("POST", "/api/admin/actions/{id}/approve"),
            admin(Operation::Approve),
            "{}",
            "Approve what somebody else asks for",
        )
        .answering(&[200, 202]),
        Route::change::<RejectionForm, Action>(
            ("POST", "/api/admin/actions/{id}/reject"),
            admin(Operation::Approve),
            REASON,
            "Reject what somebody asks for",
        ),
        Route::change::<Nothing, Action>(
            ("POST", "/api/admin/actions/{id}/withdraw"),
            admin(Operation::Withdraw),
            "{}",
            "Take back what one has asked for",
        ),
    ]
}

fn desk() -> Vec<Route> {
    vec![
        Route::change::<AcknowledgeForm, AlertView>(
            ("POST", "/api/admin/alerts/acknowledge"),
            Needs::Admin(Operation::AcknowledgeAlert),
            r#"{"cause":"ALERT","reason":"A probe"}"#,
            "Take on an alert",
        ),
        Route::change::<ReplayForm, ReplayReport>(
            ("POST", "/api/admin/events/replay"),
            Needs::Admin(Operation::ReplayEvents),
            r#"{"events":["evt_EVENT"],"execute":true,"reason":"A probe"}"#,
            "Have events tried anew, or be told what that changes",
        ),
    ]
}

fn staff() -> Vec<Route> {
    let manage = Needs::Admin(Operation::ManageStaff);
    let change = |path, summary| {
        Route::change::<ReasonForm, StaffView>(("POST", path), manage, REASON, summary)
    };
    vec![
        Route::change::<InvitationForm, StaffView>(
            ("POST", "/api/admin/staff"),
            manage,
            r#"{"email":"probe@example.com","name":"A Probe","role":"viewer","reason":"A probe"}"#,
            "Invite an administrator",
        )
        .answering(&[201]),
        Route::change::<RoleForm, StaffView>(
            ("POST", "/api/admin/staff/{id}/role"),
            manage,
            r#"{"role":"viewer","reason":"A probe"}"#,
            "Give an administrator another role",
        ),
        change("/api/admin/staff/{id}/disable", "Keep an administrator out"),
        change(
            "/api/admin/staff/{id}/enable",
            "Let an administrator in again",
        ),
        change(
            "/api/admin/staff/{id}/reset-authenticator",
            "Take an administrator's authenticator off, once two owners have asked for it",
        ),
        Route::change::<LimitsForm, LimitsSet>(
            ("POST", "/api/admin/policy"),
            Needs::Admin(Operation::ChangeLimits),
            r#"{"role":"support","per_action_cents":1,"per_day_cents":2,"extend_days":1,"reason":"A probe"}"#,
            "Set the limits of a role",
        ),
    ]
}
