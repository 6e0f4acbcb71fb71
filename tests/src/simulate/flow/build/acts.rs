//! Where the flows of administrators begin: they have signed in, and what they send is ready.

use local::staff::SignInCard;
use serde_json::json;
use shared::staff::Role;
use stripe_sim::{OpenInvoices, TestCard};

use super::{Deed, PERIOD_S, Script, Step, World, bring, member_of};
use crate::simulate::acts::{Act, Asks};
use crate::simulate::flow::Flow;

/// Brings `world` to where `flow` begins, and says what is to be done in it.
pub(super) async fn build(flow: Flow, world: &World) -> Script {
    let plan = match flow {
        Flow::AdminDowngrade => "networker",
        Flow::TwoRefunds => "rainmaker",
        _ => "prospector",
    };
    let customer = member_of(world, plan).await;
    if flow == Flow::AdminCollect {
        world.happen(&customer, Deed::Card(TestCard::DeclinedAfterAttach));
        world.happen(&customer, Deed::Wait(PERIOD_S));
        let held = world.hold_webhooks();
        bring(world, &held).await;
        let stripe = world.sandbox.stripe();
        let replaced = stripe
            .now()
            .replace_card(&customer, TestCard::Good, OpenInvoices::Leave);
        replaced.unwrap_or_else(|error| panic!("{error:?}"));
        let held = world.hold_webhooks();
        bring(world, &held).await;
    }
    let desk = Desk {
        world,
        cards: world.staff().await,
        customer,
    };
    let refund = |cents| Asks::Refund(desk.charge(), cents);
    let order = Asks::Order;
    let support = Role::Support;
    match flow {
        Flow::AdminUpgrade => desk.alone(Asks::Plan("rainmaker")).await,
        Flow::AdminDowngrade => desk.alone(Asks::Plan("prospector")).await,
        Flow::AdminEnd => desk.alone(Asks::End).await,
        Flow::AdminCredit => {
            let credit = json!({ "operation": "credit", "amount_cents": 500 });
            desk.alone(order(credit)).await
        }
        Flow::AdminExtend => {
            let extend = json!({ "operation": "extend", "days": 5 });
            desk.alone(order(extend)).await
        }
        Flow::AdminPause => {
            let pause = json!({ "operation": "pause_collection" });
            desk.alone(order(pause)).await
        }
        Flow::AdminCollect => {
            let collect = json!({ "operation": "retry_payment" });
            desk.alone(order(collect)).await
        }
        Flow::Approval => {
            desk.ask_for_approval().await;
            let approval = desk.act(Role::Billing, Asks::Approval(1), 2).await;
            of_one(approval)
        }
        Flow::TwoApprovals => {
            desk.ask_for_approval().await;
            let first = desk.act(Role::Billing, Asks::Approval(1), 2).await;
            let second = desk.act(Role::Owner, Asks::Approval(1), 3).await;
            at_once(first, second)
        }
        Flow::TwoClicks => {
            let act = desk.act(support, refund(100), 1).await;
            at_once(act.clone(), act)
        }
        Flow::TwoRefunds => {
            let first = desk.act(support, refund(15_000), 1).await;
            let second = desk.act(Role::Billing, refund(14_000), 2).await;
            at_once(first, second)
        }
        _ => desk.alone(refund(100)).await,
    }
}

/// Where the administrators sit.
struct Desk<'a> {
    world: &'a World,
    cards: Vec<SignInCard>,
    customer: String,
}

impl Desk<'_> {
    async fn act(&self, role: Role, asks: Asks, number: u64) -> Act {
        let what = (self.customer.as_str(), asks, number);
        Act::ready(self.world, &self.cards, role, what).await
    }

    async fn alone(&self, asks: Asks) -> Script {
        of_one(self.act(Role::Support, asks, 1).await)
    }

    /// Support puts a payment off by more days than they may alone.
    async fn ask_for_approval(&self) {
        let extend = json!({ "operation": "extend", "days": 8 });
        let asked = self.act(Role::Support, Asks::Order(extend), 1).await;
        asked.send(self.world).await;
        self.world.settle().await;
        self.world.advance_s(3 * 60).await;
    }

    fn charge(&self) -> String {
        let stripe = self.world.sandbox.stripe().now();
        let mut charges = stripe.objects("charge");
        let charge = charges.find(|charge| charge["customer"] == *self.customer);
        let charge = charge.and_then(|charge| charge["id"].as_str());
        charge.unwrap_or_default().to_owned()
    }
}

fn of_one(act: Act) -> Script {
    Script {
        acts: vec![act],
        steps: vec![Step::Act(0), Step::Settle],
        ..Script::default()
    }
}

fn at_once(first: Act, second: Act) -> Script {
    Script {
        acts: vec![first, second],
        steps: vec![Step::Settle],
        lanes: Some([vec![Step::Act(0)], vec![Step::Act(1)]]),
        ..Script::default()
    }
}
