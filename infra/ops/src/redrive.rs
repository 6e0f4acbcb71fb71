//! `ops redrive`: dead letters go back to the queue they came from, where they are worked off like any other message.

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::QueueAttributeName;
use clap::Args;

use crate::installation::Installation;
use crate::lambda::root_of;
use crate::order::Manner;
use crate::problem::Problem;
use crate::screen::Screen;

/// The queues that have dead letters, without what all names begin with.
const QUEUES: [&str; 2] = ["retry", "sync"];

/// Moves dead letters back to the queue they came from. First it tells how many there are; with --execute it then asks, and
/// does it. Mend what killed them before.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only those of this queue; by itself all
    #[arg(long, value_name = "QUEUE", value_parser = QUEUES)]
    queue: Option<String>,
    #[command(flatten)]
    manner: Manner,
}

/// A queue of dead letters.
struct DeadLetters {
    queue: String,
    arn: String,
    count: u64,
}

pub(crate) async fn run(
    arguments: &Arguments,
    installation: &Installation,
    screen: &mut Screen,
) -> Result<(), Problem> {
    let is_agreed = arguments.manner.is_agreed(screen)?;
    let mut all = Vec::new();
    for queue in QUEUES {
        if arguments
            .queue
            .as_ref()
            .is_some_and(|wanted| wanted != queue)
        {
            continue;
        }
        let letters = DeadLetters::of(installation, queue).await?;
        screen.print(&format!("{:8}  {}", letters.queue, so_many(letters.count)))?;
        all.push(letters);
    }
    all.retain(|letters| letters.count > 0);
    if !arguments.manner.execute {
        return screen.note("Nothing was moved. With --execute it is done.");
    }
    let count = all.iter().map(|letters| letters.count).sum();
    if count == 0 {
        return screen.note("There is nothing to move.");
    }
    if !is_agreed {
        screen
            .agree(&format!("Move {} back?", so_many(count)))
            .await?;
    }
    for letters in &all {
        letters.move_back(installation).await?;
        let words = format!(
            "{}: {} on the way back.",
            letters.queue,
            so_many(letters.count)
        );
        screen.note(&words)?;
    }
    Ok(())
}

fn so_many(count: u64) -> String {
    match count {
        1 => "1 dead letter".to_owned(),
        count => format!("{count} dead letters"),
    }
}

impl DeadLetters {
    async fn of(installation: &Installation, queue: &str) -> Result<Self, Problem> {
        let name = installation.name(&format!("{queue}-dead"));
        let queues = installation.queues();
        let url = queues.get_queue_url().queue_name(&name).send().await;
        let url = url.map_err(|error| problem(installation, "sqs:GetQueueUrl", &name, &error))?;
        let attributes = queues
            .get_queue_attributes()
            .set_queue_url(url.queue_url)
            .attribute_names(QueueAttributeName::QueueArn)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .send()
            .await;
        let attributes = attributes
            .map_err(|error| problem(installation, "sqs:GetQueueAttributes", &name, &error))?;
        let told = |attribute| attributes.attributes()?.get(&attribute).cloned();
        let arn = told(QueueAttributeName::QueueArn);
        let count = told(QueueAttributeName::ApproximateNumberOfMessages);
        let count = count.and_then(|count| count.parse().ok());
        match (arn, count) {
            (Some(arn), Some(count)) => Ok(Self {
                queue: queue.to_owned(),
                arn,
                count,
            }),
            _ => Err(Problem::Service {
                service: "SQS",
                code: "no attributes".to_owned(),
                words: format!("{name} says neither its ARN nor how many messages it holds"),
            }),
        }
    }

    async fn move_back(&self, installation: &Installation) -> Result<(), Problem> {
        let queues = installation.queues();
        let moved = queues.start_message_move_task().source_arn(&self.arn);
        let moved = moved.send().await;
        moved
            .map(drop)
            .map_err(|error| problem(installation, "sqs:StartMessageMoveTask", &self.arn, &error))
    }
}

fn problem<E, R>(
    installation: &Installation,
    action: &'static str,
    queue: &str,
    error: &SdkError<E, R>,
) -> Problem
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let Some(refused) = error.as_service_error() else {
        let host = format!("sqs.{}.amazonaws.com", installation.settings().region);
        return installation.unreachable(host, root_of(error));
    };
    let code = refused.code().unwrap_or("no code").to_owned();
    let words = refused.message().unwrap_or("it says no more").to_owned();
    match code.as_str() {
        _ if code.ends_with("QueueDoesNotExist") || code.ends_with("NonExistentQueue") => {
            Problem::NoQueue {
                queue: queue.to_owned(),
                place: installation.place(),
            }
        }
        _ if code.starts_with("AccessDenied") => Problem::Denied {
            action,
            resource: queue.to_owned(),
            words,
        },
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "SignatureDoesNotMatch"
        | "InvalidSecurity" => Problem::Credentials { code },
        _ => Problem::Service {
            service: "SQS",
            code,
            words,
        },
    }
}
