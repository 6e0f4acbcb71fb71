"""Standard queues, against the SQS API reference and the developer guide's pages on visibility, delays, quotas and dead
letter queues."""

import hashlib
import json
import threading
import time

import pytest


@pytest.fixture
def queue(aws, name):
    """A queue of its own: what the checks ask of it, by its URL."""
    return Queue(aws, name)


class Queue:
    def __init__(self, aws, name, **attributes):
        self.aws, self.sqs, self.name = aws, aws.client("sqs"), name
        self.url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def send(self, body="a", **more):
        return self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more)

    def receive(self, **more):
        return self.sqs.receive_message(QueueUrl=self.url, **more).get("Messages", [])

    def delete(self, message):
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def hide(self, message, seconds):
        self.sqs.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
        )

    def send_batch(self, entries):
        return self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def attributes(self, *names):
        return self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(names)).get("Attributes", {})

    def depth(self):
        kinds = ("", "NotVisible", "Delayed")
        counts = self.attributes(*(f"ApproximateNumberOfMessages{kind}" for kind in kinds))
        return tuple(int(counts[f"ApproximateNumberOfMessages{kind}"]) for kind in kinds)

    @property
    def arn(self):
        return self.attributes("QueueArn")["QueueArn"]


def dead_letters(aws, name, receives_max=1):
    """A queue and its dead letter queue."""
    dead = Queue(aws, f"{name}-dead")
    policy = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": receives_max})
    return Queue(aws, name, VisibilityTimeout="0", RedrivePolicy=policy), dead


def test_a_message_is_received_with_its_body_digest_and_system_attributes(queue):
    sent = queue.send("Grüße")
    digest = hashlib.md5("Grüße".encode()).hexdigest()
    assert sent["MD5OfMessageBody"] == digest
    [message] = queue.receive(MessageSystemAttributeNames=["All"])
    assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "Grüße")
    assert message["MD5OfBody"] == digest
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert {"SentTimestamp", "ApproximateFirstReceiveTimestamp", "SenderId"} <= set(message["Attributes"])


def test_system_attributes_are_given_only_where_asked_for(queue):
    queue.send()
    [message] = queue.receive()
    assert "Attributes" not in message


def test_a_senders_attributes_come_with_their_digest(queue):
    attributes = {
        "kind": {"DataType": "String", "StringValue": "invoice"},
        "count": {"DataType": "Number", "StringValue": "3"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    digest = attributes_digest(attributes)
    assert queue.send(MessageAttributes=attributes)["MD5OfMessageAttributes"] == digest
    [message] = queue.receive(MessageAttributeNames=["All"])
    assert message["MD5OfMessageAttributes"] == digest
    assert message["MessageAttributes"] == attributes


def attributes_digest(attributes):
    """As the developer guide says it is computed: names in order; name, type and value each after its length."""
    digest = hashlib.md5()

    def add(part):
        digest.update(len(part).to_bytes(4, "big") + part)

    for name, attribute in sorted(attributes.items()):
        add(name.encode())
        add(attribute["DataType"].encode())
        binary = attribute["DataType"].startswith("Binary")
        digest.update(b"\x02" if binary else b"\x01")
        add(attribute["BinaryValue"] if binary else attribute["StringValue"].encode())
    return digest.hexdigest()


def test_of_a_senders_attributes_the_named_and_the_prefixed_are_given(queue):
    value = {"DataType": "String", "StringValue": "x"}
    queue.send(MessageAttributes={"a.one": value, "a.two": value, "b": value, "c": value})
    [message] = queue.receive(MessageAttributeNames=["a.*", "b"])
    assert sorted(message["MessageAttributes"]) == ["a.one", "a.two", "b"]


def test_an_eleventh_attribute_is_refused(queue, refused):
    value = {"DataType": "String", "StringValue": "x"}
    with refused("InvalidParameterValue"):
        queue.send(MessageAttributes={f"a{number}": value for number in range(11)})


@pytest.mark.parametrize(
    "attribute",
    [{"DataType": "String", "StringValue": ""}, {"StringValue": "x"}, {"DataType": "Colour", "StringValue": "x"}],
    ids=["empty", "typeless", "unknown type"],
)
def test_an_attribute_needs_a_known_type_and_a_value(queue, refused, attribute):
    with refused("InvalidParameterValue"):
        queue.send(MessageAttributes={"a": attribute})


def test_a_received_message_is_hidden_until_its_visibility_timeout_ends(queue):
    queue.send()
    assert len(queue.receive(VisibilityTimeout=1)) == 1
    assert queue.receive() == []
    assert queue.depth() == (0, 1, 0)
    queue.aws.wait(1)
    [again] = queue.receive(MessageSystemAttributeNames=["ApproximateReceiveCount"])
    assert again["Attributes"] == {"ApproximateReceiveCount": "2"}


def test_a_deleted_message_is_gone_and_deleting_it_again_succeeds(queue):
    queue.send()
    [message] = queue.receive(VisibilityTimeout=1)
    queue.delete(message)
    queue.delete(message)
    queue.aws.wait(1)
    assert queue.receive() == []


def test_a_message_that_is_visible_again_is_deleted_by_its_latest_handle(queue):
    queue.send()
    [message] = queue.receive(VisibilityTimeout=0)
    queue.delete(message)
    assert queue.depth() == (0, 0, 0)


def test_each_receipt_has_a_handle_of_its_own(queue):
    queue.send()
    [first] = queue.receive(VisibilityTimeout=0)
    [second] = queue.receive(VisibilityTimeout=30)
    assert first["ReceiptHandle"] != second["ReceiptHandle"]


def test_a_handle_that_is_none_is_invalid(queue, refused):
    with refused("ReceiptHandleIsInvalid"):
        queue.delete({"ReceiptHandle": "none"})


def test_visibility_is_changed_from_now_on_and_zero_shows_the_message_at_once(queue):
    queue.send()
    [message] = queue.receive(VisibilityTimeout=600)
    queue.hide(message, 0)
    [message] = queue.receive(VisibilityTimeout=600)
    queue.hide(message, 1)
    assert queue.receive() == []
    queue.aws.wait(1)
    assert len(queue.receive()) == 1


def test_visibility_is_between_zero_and_twelve_hours(queue, refused):
    queue.send()
    [message] = queue.receive()
    for seconds in (-1, 43_201):
        with refused("InvalidParameterValue", "VisibilityTimeout"):
            queue.hide(message, seconds)
    with refused("InvalidParameterValue", "VisibilityTimeout"):
        queue.receive(VisibilityTimeout=43_201)


def test_visibility_ends_twelve_hours_after_the_receipt_at_the_latest(queue, refused):
    queue.send()
    [message] = queue.receive(VisibilityTimeout=7_200)
    queue.aws.leap(3_600)
    with refused("InvalidParameterValue", "beyond the limit [43200 seconds]"):
        queue.hide(message, 39_601)
    queue.hide(message, 39_600)


def test_visibility_of_a_message_that_is_visible_again_is_not_changed(queue, refused):
    queue.send()
    [message] = queue.receive(VisibilityTimeout=0)
    with refused("AWS.SimpleQueueService.MessageNotInflight"):
        queue.hide(message, 10)


def test_visibility_of_a_deleted_message_is_not_changed(queue, refused):
    queue.send()
    [message] = queue.receive()
    queue.delete(message)
    with refused("InvalidParameterValue", "Message does not exist or is not available for visibility timeout change"):
        queue.hide(message, 10)


def test_a_delayed_message_is_seen_after_its_delay(queue):
    queue.send(DelaySeconds=1)
    assert queue.receive() == []
    assert queue.depth() == (0, 0, 1)
    queue.aws.wait(1)
    assert len(queue.receive()) == 1


def test_a_delay_is_at_most_fifteen_minutes(queue, refused):
    with refused("InvalidParameterValue", "DelaySeconds"):
        queue.send(DelaySeconds=901)


def test_a_queues_own_delay_counts_where_the_message_names_none(aws, name):
    queue = Queue(aws, name, DelaySeconds="60")
    queue.send()
    queue.send("at once", DelaySeconds=0)
    assert [message["Body"] for message in queue.receive(MaxNumberOfMessages=10)] == ["at once"]


def test_a_batch_says_of_each_entry_what_became_of_it(queue):
    answer = queue.send_batch([
        {"Id": "good", "MessageBody": "a"},
        {"Id": "late", "MessageBody": "a", "DelaySeconds": 901},
    ])
    [good] = answer["Successful"]
    assert (good["Id"], good["MD5OfMessageBody"]) == ("good", hashlib.md5(b"a").hexdigest())
    [late] = answer["Failed"]
    assert (late["Id"], late["Code"], late["SenderFault"]) == ("late", "InvalidParameterValue", True)
    assert queue.depth() == (1, 0, 0)


def test_a_batch_has_one_to_ten_entries(queue, refused):
    entries = [{"Id": str(number), "MessageBody": "a"} for number in range(11)]
    assert len(queue.send_batch(entries[:10])["Successful"]) == 10
    with refused("AWS.SimpleQueueService.TooManyEntriesInBatchRequest"):
        queue.send_batch(entries)
    with refused("AWS.SimpleQueueService.EmptyBatchRequest"):
        queue.send_batch([])


def test_the_ids_of_a_batch_are_distinct_and_legible(queue, refused):
    with refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct"):
        queue.send_batch([{"Id": "a", "MessageBody": "a"}, {"Id": "a", "MessageBody": "b"}])
    for identifier in ("a b", "", "a" * 81):
        with refused("AWS.SimpleQueueService.InvalidBatchEntryId"):
            queue.send_batch([{"Id": identifier, "MessageBody": "a"}])


def test_messages_are_deleted_and_hidden_in_batches(queue):
    queue.send("a")
    queue.send("b")
    messages = queue.receive(MaxNumberOfMessages=10)
    entries = [{"Id": message["Body"], "ReceiptHandle": message["ReceiptHandle"]} for message in messages]
    hidden = queue.sqs.change_message_visibility_batch(
        QueueUrl=queue.url, Entries=[{**entry, "VisibilityTimeout": 0} for entry in entries]
    )
    assert sorted(entry["Id"] for entry in hidden["Successful"]) == ["a", "b"]
    entries.append({"Id": "c", "ReceiptHandle": "none"})
    deleted = queue.sqs.delete_message_batch(QueueUrl=queue.url, Entries=entries)
    assert sorted(entry["Id"] for entry in deleted["Successful"]) == ["a", "b"]
    assert [(entry["Id"], entry["Code"]) for entry in deleted["Failed"]] == [("c", "ReceiptHandleIsInvalid")]
    assert queue.depth() == (0, 0, 0)


def test_a_message_is_at_most_one_mebibyte(queue, refused):
    queue.send("a" * 1_048_576)
    with refused("InvalidParameterValue", "1048576"):
        queue.send("a" * 1_048_577)


def test_a_senders_attributes_count_towards_the_size(queue, refused):
    attributes = {"kind": {"DataType": "String", "StringValue": "x"}}
    counted = len("kind" + "String" + "x")
    queue.send("a" * (1_048_576 - counted), MessageAttributes=attributes)
    with refused("InvalidParameterValue"):
        queue.send("a" * (1_048_577 - counted), MessageAttributes=attributes)


def test_a_batch_is_together_at_most_one_mebibyte(queue, refused):
    half = "a" * 524_288
    queue.send_batch([{"Id": "a", "MessageBody": half}, {"Id": "b", "MessageBody": half}])
    with refused("AWS.SimpleQueueService.BatchRequestTooLong"):
        queue.send_batch([{"Id": "a", "MessageBody": half}, {"Id": "b", "MessageBody": half + "a"}])


def test_a_queue_may_take_less(aws, name, refused):
    queue = Queue(aws, name, MaximumMessageSize="1024")
    queue.send("a" * 1024)
    with refused("InvalidParameterValue", "1024"):
        queue.send("a" * 1025)


def test_a_message_has_a_body_of_characters_that_xml_knows(queue, refused):
    with refused("MissingParameter"):
        queue.send("")
    with refused("InvalidMessageContents"):
        queue.send("a\x00b")


def test_a_receive_takes_one_to_ten_messages(queue, refused):
    for _ in range(2):
        queue.send_batch([{"Id": str(number), "MessageBody": "a"} for number in range(6)])
    assert len(queue.receive(MaxNumberOfMessages=10)) == 10
    for count in (0, 11):
        with refused("InvalidParameterValue", "MaxNumberOfMessages"):
            queue.receive(MaxNumberOfMessages=count)


def test_a_long_poll_returns_once_a_message_comes(queue):
    sender = threading.Timer(0.3, queue.send)
    sender.start()
    begun = time.monotonic()
    received = queue.receive(WaitTimeSeconds=10)
    sender.join()
    assert len(received) == 1
    assert time.monotonic() - begun < 10


def test_a_long_poll_ends_empty_after_its_time(queue):
    begun = time.monotonic()
    assert queue.receive(WaitTimeSeconds=1) == []
    assert time.monotonic() - begun >= 0.9


def test_a_long_poll_takes_at_most_twenty_seconds(queue, refused):
    # There is something to receive, so that whoever takes the number does not wait.
    queue.send()
    for seconds in (-1, 21):
        with refused("InvalidParameterValue", "WaitTimeSeconds"):
            queue.receive(WaitTimeSeconds=seconds)


def test_a_message_received_too_often_goes_to_the_dead_letters(aws, name):
    queue, dead = dead_letters(aws, name, receives_max=2)
    sent = queue.send("poison")
    for _ in range(2):
        assert len(queue.receive()) == 1
    assert queue.receive() == []
    [letter] = dead.receive(MessageSystemAttributeNames=["All"])
    assert (letter["MessageId"], letter["Body"]) == (sent["MessageId"], "poison")
    assert letter["Attributes"]["DeadLetterQueueSourceArn"] == queue.arn


def test_dead_letters_are_redriven_to_where_they_came_from(aws, name):
    queue, dead = dead_letters(aws, name)
    queue.send("poison")
    queue.receive()
    queue.receive()
    assert dead.depth()[0] == 1
    queue.sqs.start_message_move_task(SourceArn=dead.arn)
    assert eventually(lambda: dead.depth() == (0, 0, 0) and queue.depth()[0] == 1)
    [task] = queue.sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)


def eventually(holds):
    for _ in range(30):
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_only_dead_letters_are_redriven(queue, refused):
    with refused("InvalidParameterValue", "Dead Letter Queue"):
        queue.sqs.start_message_move_task(SourceArn=queue.arn)
    with refused("ResourceNotFoundException"):
        queue.sqs.start_message_move_task(SourceArn=f"{queue.arn}-nowhere")


def test_the_queues_of_a_dead_letter_queue_are_listed(aws, name):
    queue, dead = dead_letters(aws, name)
    listed = queue.sqs.list_dead_letter_source_queues(QueueUrl=dead.url)
    assert [url.rsplit("/")[-1] for url in listed["queueUrls"]] == [name]


def test_purging_removes_all_and_is_allowed_once_a_minute(queue, refused):
    queue.send()
    queue.sqs.purge_queue(QueueUrl=queue.url)
    assert queue.depth() == (0, 0, 0)
    with refused("AWS.SimpleQueueService.PurgeQueueInProgress"):
        queue.sqs.purge_queue(QueueUrl=queue.url)


def test_a_purge_is_allowed_again_after_a_minute(queue):
    queue.sqs.purge_queue(QueueUrl=queue.url)
    queue.aws.leap(60)
    queue.sqs.purge_queue(QueueUrl=queue.url)


def test_a_queue_tells_its_attributes(queue):
    attributes = queue.attributes("All")
    expected = {
        "VisibilityTimeout": "30",
        "DelaySeconds": "0",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "MaximumMessageSize": "1048576",
        "SqsManagedSseEnabled": "true",
    }
    assert {key: attributes.get(key) for key in expected} == expected
    assert attributes["QueueArn"].endswith(f":{queue.name}")
    assert int(attributes["CreatedTimestamp"]) <= int(attributes["LastModifiedTimestamp"])
    assert "RedrivePolicy" not in attributes


def test_no_attribute_is_told_unasked_and_an_unknown_one_is_refused(queue, refused):
    assert queue.attributes() == {}
    with refused("InvalidAttributeName", "Unknown Attribute"):
        queue.attributes("Colour")


def test_attributes_are_set_and_refused_out_of_their_range(queue, refused):
    queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"VisibilityTimeout": "77"})
    assert queue.attributes("VisibilityTimeout") == {"VisibilityTimeout": "77"}
    for name, value in (("VisibilityTimeout", "43201"), ("MessageRetentionPeriod", "59"), ("DelaySeconds", "x")):
        with refused("InvalidAttributeValue"):
            queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={name: value})


def test_a_queue_is_created_again_only_with_the_same_attributes(queue, refused):
    assert Queue(queue.aws, queue.name, VisibilityTimeout="30").url == queue.url
    with refused("QueueAlreadyExists", "different value for attribute VisibilityTimeout"):
        Queue(queue.aws, queue.name, VisibilityTimeout="31")


def test_a_queues_name_has_at_most_eighty_legible_characters(aws, refused):
    for name in ("a b", "a" * 81, ""):
        with refused("InvalidParameterValue"):
            Queue(aws, name)


def test_a_deleted_queue_does_not_exist(queue, refused):
    queue.sqs.delete_queue(QueueUrl=queue.url)
    calls = (queue.send, queue.receive, lambda: queue.sqs.get_queue_url(QueueName=queue.name))
    for call in calls:
        with refused("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist"):
            call()


def test_a_name_is_free_again_a_minute_after_its_queue_was_deleted(queue, refused):
    queue.sqs.delete_queue(QueueUrl=queue.url)
    with refused("AWS.SimpleQueueService.QueueDeletedRecently", "60 seconds"):
        Queue(queue.aws, queue.name)
    queue.aws.leap(60)
    Queue(queue.aws, queue.name)


def test_queues_are_listed_by_the_beginning_of_their_names(aws, name):
    for suffix in ("a", "b"):
        Queue(aws, f"{name}-{suffix}")
    listed = aws.client("sqs").list_queues(QueueNamePrefix=name)["QueueUrls"]
    assert [url.rsplit("/")[-1] for url in listed] == [f"{name}-a", f"{name}-b"]


def test_messages_are_kept_for_the_retention_period(aws, name):
    queue = Queue(aws, name, MessageRetentionPeriod="60")
    queue.send()
    queue.aws.leap(61)
    assert queue.depth() == (0, 0, 0)
