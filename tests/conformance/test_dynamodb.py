"""DynamoDB as this system uses it, against its API reference and the developer guide: conditions, transactions, batches,
indexes, expressions, time to live, limits."""

import pytest

KEY = {"AttributeName": "pk", "KeyType": "HASH"}
SORT = {"AttributeName": "sk", "KeyType": "RANGE"}
FAILED = "ConditionalCheckFailedException"
INVALID = "ValidationException"


def s(text):
    return {"S": text}


def n(number):
    return {"N": str(number)}


@pytest.fixture(scope="module")
def tables(aws):
    """One table with a partition key, one with a sort key and an index of those items that have `due`."""
    client = aws.client("dynamodb")
    text = {"AttributeType": "S"}
    definitions = [{"AttributeName": key, **text} for key in ("pk", "sk", "queue", "due")]
    client.create_table(
        TableName="plain", BillingMode="PAY_PER_REQUEST", KeySchema=[KEY], AttributeDefinitions=definitions[:1]
    )
    client.create_table(
        TableName="sorted",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[KEY, SORT],
        AttributeDefinitions=definitions,
        GlobalSecondaryIndexes=[{
            "IndexName": "due",
            "KeySchema": [
                {"AttributeName": "queue", "KeyType": "HASH"},
                {"AttributeName": "due", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["kind"]},
        }],
    )
    return client


@pytest.fixture
def plain(tables, name):
    return Table(tables, "plain", name)


@pytest.fixture
def ordered(tables, name):
    return Table(tables, "sorted", name)


class Table:
    """A table, and the partition of one check in it."""

    def __init__(self, client, table, pk):
        self.client, self.table, self.pk = client, table, pk

    def item(self, **attributes):
        return {"pk": s(self.pk), **attributes}

    def key(self, sk=None):
        return {"pk": s(self.pk), **({"sk": s(sk)} if sk else {})}

    def put(self, item, **more):
        return self.client.put_item(TableName=self.table, Item=item, **more)

    def get(self, key=None, **more):
        answer = self.client.get_item(TableName=self.table, Key=key or self.key(), ConsistentRead=True, **more)
        return answer.get("Item")

    def update(self, expression, values=None, key=None, **more):
        if values:
            more["ExpressionAttributeValues"] = values
        return self.client.update_item(
            TableName=self.table, Key=key or self.key(), UpdateExpression=expression, **more
        )

    def query(self, condition="pk = :pk", **more):
        values = {":pk": s(self.pk), **more.pop("values", {})}
        return self.client.query(
            TableName=self.table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **more
        )

    def action(self, kind, **more):
        return {kind: {"TableName": self.table, **more}}

    def transact(self, *actions, **more):
        return self.client.transact_write_items(TransactItems=list(actions), **more)


def test_a_put_on_the_condition_that_nothing_is_there_succeeds_once(plain, refused):
    plain.put(plain.item(a=n(1)), ConditionExpression="attribute_not_exists(pk)")
    with refused(FAILED, "The conditional request failed"):
        plain.put(plain.item(a=n(2)), ConditionExpression="attribute_not_exists(pk)")
    assert plain.get() == plain.item(a=n(1))


@pytest.mark.parametrize("write", ["put", "update", "delete"])
def test_a_failed_condition_gives_the_item_back_where_that_is_asked_for(plain, refused, write):
    plain.put(plain.item(owner=s("me")))
    condition = {
        "ConditionExpression": "#o = :other",
        "ExpressionAttributeNames": {"#o": "owner"},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    other = {":other": s("you")}
    with refused(FAILED) as answer:
        if write == "put":
            plain.put(plain.item(), ExpressionAttributeValues=other, **condition)
        elif write == "update":
            plain.update("SET a = :other", other, **condition)
        else:
            plain.client.delete_item(
                TableName="plain", Key=plain.key(), ExpressionAttributeValues=other, **condition
            )
    assert answer["Item"] == plain.item(owner=s("me"))
    assert plain.get() == plain.item(owner=s("me"))


def test_a_failed_condition_says_nothing_of_the_item_unasked(plain, refused):
    plain.put(plain.item())
    with refused(FAILED) as answer:
        plain.put(plain.item(), ConditionExpression="attribute_not_exists(pk)")
    assert "Item" not in answer


def test_a_put_gives_the_old_item_back_where_that_is_asked_for(plain):
    assert "Attributes" not in plain.put(plain.item(a=n(1)), ReturnValues="ALL_OLD")
    assert plain.put(plain.item(a=n(2)), ReturnValues="ALL_OLD")["Attributes"] == plain.item(a=n(1))


def test_an_update_makes_the_item_where_there_is_none(plain):
    answer = plain.update("ADD hits :one", {":one": n(1)}, ReturnValues="ALL_NEW")
    assert answer["Attributes"] == plain.item(hits=n(1))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("NONE", None),
        ("UPDATED_OLD", {"a": n(1)}),
        ("UPDATED_NEW", {"a": n(2)}),
        ("ALL_OLD", {"a": n(1), "b": n(1)}),
        ("ALL_NEW", {"a": n(2), "b": n(1)}),
    ],
)
def test_an_update_gives_back_what_was_asked_for(plain, kind, expected):
    plain.put(plain.item(a=n(1), b=n(1)))
    told = plain.update("SET a = :a", {":a": n(2)}, ReturnValues=kind).get("Attributes")
    whole = kind.startswith("ALL")
    assert told == (plain.item(**expected) if whole else expected)


def test_update_expressions_count_default_append_and_remove(plain):
    plain.put(plain.item(count=n(1), list={"L": [n(1)]}, gone=n(1), tags={"SS": ["a", "b"]}))
    plain.update(
        "SET #c = #c + :two, fresh = if_not_exists(fresh, :two), #l = list_append(#l, :list) "
        "REMOVE gone DELETE tags :a",
        {":two": n(2), ":list": {"L": [n(2)]}, ":a": {"SS": ["a"]}},
        ExpressionAttributeNames={"#c": "count", "#l": "list"},
    )
    assert plain.get() == plain.item(count=n(3), fresh=n(2), list={"L": [n(1), n(2)]}, tags={"SS": ["b"]})


def test_a_key_is_not_updated(plain, refused):
    with refused(INVALID, "Cannot update attribute pk. This attribute is part of the key"):
        plain.update("SET pk = :pk", {":pk": s("other")})


def test_a_transaction_writes_all_or_nothing_and_says_why_by_position(plain, refused):
    plain.put(plain.item(owner=s("me")))
    other = f"{plain.pk}-other"
    with refused("TransactionCanceledException", "[None, ConditionalCheckFailed]") as answer:
        plain.transact(
            plain.action("Put", Item={"pk": s(other)}),
            plain.action(
                "Put",
                Item=plain.item(),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            ),
        )
    first, second = answer["CancellationReasons"]
    assert first == {"Code": "None"}
    assert (second["Code"], second["Message"]) == ("ConditionalCheckFailed", "The conditional request failed")
    assert second["Item"] == plain.item(owner=s("me"))
    assert plain.get({"pk": s(other)}) is None


def test_a_transaction_puts_updates_deletes_and_checks(plain):
    keys = {kind: {"pk": s(f"{plain.pk}-{kind}")} for kind in ("put", "update", "delete", "check")}
    for kind in ("delete", "check"):
        plain.put(keys[kind])
    plain.transact(
        plain.action("Put", Item=keys["put"]),
        plain.action(
            "Update", Key=keys["update"], UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": n(1)}
        ),
        plain.action("Delete", Key=keys["delete"]),
        plain.action("ConditionCheck", Key=keys["check"], ConditionExpression="attribute_exists(pk)"),
    )
    assert plain.get(keys["put"]) == keys["put"]
    assert plain.get(keys["update"]) == {**keys["update"], "a": n(1)}
    assert plain.get(keys["delete"]) is None


def test_a_transaction_has_no_two_actions_on_one_item(plain, refused):
    with refused(INVALID, "Transaction request cannot include multiple operations on one item"):
        plain.transact(
            plain.action("Put", Item=plain.item()),
            plain.action("ConditionCheck", Key=plain.key(), ConditionExpression="attribute_exists(pk)"),
        )


def test_a_transaction_has_at_most_a_hundred_actions(plain, refused):
    actions = [plain.action("Put", Item={"pk": s(f"{plain.pk}-{number}")}) for number in range(101)]
    plain.transact(*actions[:100])
    with refused(INVALID):
        plain.transact(*actions)


def test_a_transaction_with_the_token_of_an_earlier_one_takes_effect_once(plain, refused):
    def count(by):
        plain.transact(
            plain.action(
                "Update", Key=plain.key(), UpdateExpression="ADD hits :by", ExpressionAttributeValues={":by": n(by)}
            ),
            ClientRequestToken=plain.pk,
        )

    count(1)
    count(1)
    assert plain.get() == plain.item(hits=n(1))
    with refused("IdempotentParameterMismatchException"):
        count(2)


def test_a_transactions_token_is_forgotten_after_ten_minutes(aws, plain):
    for _ in range(2):
        plain.transact(
            plain.action(
                "Update", Key=plain.key(), UpdateExpression="ADD hits :by", ExpressionAttributeValues={":by": n(1)}
            ),
            ClientRequestToken=plain.pk,
        )
        aws.leap(601)
    assert plain.get() == plain.item(hits=n(2))


def test_a_transaction_reads_in_the_order_asked_for(plain):
    plain.put(plain.item(a=n(1)))
    keys = [{"pk": s(f"{plain.pk}-nothing")}, plain.key()]
    answer = plain.client.transact_get_items(TransactItems=[plain.action("Get", Key=key) for key in keys])
    assert answer["Responses"] == [{}, {"Item": plain.item(a=n(1))}]


def test_a_batch_reads_what_is_there(plain):
    plain.put(plain.item(a=n(1)))
    keys = [plain.key(), {"pk": s(f"{plain.pk}-nothing")}]
    answer = plain.client.batch_get_item(RequestItems={"plain": {"Keys": keys, "ConsistentRead": True}})
    assert answer["Responses"] == {"plain": [plain.item(a=n(1))]}
    assert answer["UnprocessedKeys"] == {}


def test_a_batch_reads_at_most_a_hundred_different_keys(plain, refused):
    keys = [{"pk": s(f"{plain.pk}-{number}")} for number in range(101)]
    with refused(INVALID):
        plain.client.batch_get_item(RequestItems={"plain": {"Keys": keys}})
    with refused(INVALID, "Provided list of item keys contains duplicates"):
        plain.client.batch_get_item(RequestItems={"plain": {"Keys": [keys[0], keys[0]]}})


def test_a_batch_puts_and_deletes(plain):
    plain.put(plain.item())
    fresh = {"pk": s(f"{plain.pk}-fresh")}
    requests = [{"PutRequest": {"Item": fresh}}, {"DeleteRequest": {"Key": plain.key()}}]
    assert plain.client.batch_write_item(RequestItems={"plain": requests})["UnprocessedItems"] == {}
    assert (plain.get(fresh), plain.get()) == (fresh, None)


def test_a_batch_writes_at_most_twenty_five_different_items(plain, refused):
    puts = [{"PutRequest": {"Item": {"pk": s(f"{plain.pk}-{number}")}}} for number in range(26)]
    with refused(INVALID):
        plain.client.batch_write_item(RequestItems={"plain": puts})
    with refused(INVALID, "Provided list of item keys contains duplicates"):
        plain.client.batch_write_item(RequestItems={"plain": [puts[0], puts[0]]})


def due(table):
    answer = table.query("queue = :pk", IndexName="due")
    return answer["Items"]


def test_an_index_has_only_the_items_that_have_its_keys(ordered):
    ordered.put(ordered.item(sk=s("a"), queue=s(ordered.pk), due=s("2026-01-02"), kind=s("mail"), body=s("…")))
    ordered.put(ordered.item(sk=s("b"), queue=s(ordered.pk), due=s("2026-01-01")))
    ordered.put(ordered.item(sk=s("c"), queue=s(ordered.pk)))
    found = due(ordered)
    assert [item["sk"] for item in found] == [s("b"), s("a")]
    assert found[1] == ordered.item(sk=s("a"), queue=s(ordered.pk), due=s("2026-01-02"), kind=s("mail"))


def test_an_item_leaves_an_index_with_its_key(ordered):
    ordered.put(ordered.item(sk=s("a"), queue=s(ordered.pk), due=s("2026-01-01")))
    ordered.update("REMOVE due", key=ordered.key("a"))
    assert due(ordered) == []
    ordered.update("SET due = :due", {":due": s("2026-01-03")}, key=ordered.key("a"))
    assert len(due(ordered)) == 1


def test_an_index_is_not_read_consistently(ordered, refused):
    with refused(INVALID, "Consistent reads are not supported on global secondary indexes"):
        ordered.query("queue = :pk", IndexName="due", ConsistentRead=True)


def test_an_indexs_key_has_its_type(ordered, refused):
    with refused(INVALID):
        ordered.put(ordered.item(sk=s("a"), queue=s(ordered.pk), due=n(1)))


def test_a_query_goes_by_the_sort_key_forth_and_back(ordered):
    for sk in ("b", "a#2", "a#1"):
        ordered.put(ordered.item(sk=s(sk)))

    def keys(*condition, **more):
        return [item["sk"]["S"] for item in ordered.query(*condition, **more)["Items"]]

    assert keys() == ["a#1", "a#2", "b"]
    assert keys(ScanIndexForward=False) == ["b", "a#2", "a#1"]
    assert keys("pk = :pk AND begins_with(sk, :a)", values={":a": s("a#")}) == ["a#1", "a#2"]
    between = {":from": s("a#2"), ":to": s("b")}
    assert keys("pk = :pk AND sk BETWEEN :from AND :to", values=between) == ["a#2", "b"]


def test_a_query_goes_on_where_its_last_page_ended(ordered):
    for number in range(5):
        ordered.put(ordered.item(sk=s(str(number))))
    first = ordered.query(Limit=3)
    assert (first["Count"], first["LastEvaluatedKey"]) == (3, ordered.key("2"))
    rest = ordered.query(Limit=3, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["sk"]["S"] for item in rest["Items"]] == ["3", "4"]
    assert "LastEvaluatedKey" not in rest


def test_a_filter_counts_what_it_looked_at(ordered):
    for number in range(3):
        ordered.put(ordered.item(sk=s(str(number)), a=n(number)))
    answer = ordered.query(FilterExpression="a > :zero", values={":zero": n(0)})
    assert (answer["Count"], answer["ScannedCount"]) == (2, 3)


def test_a_projection_gives_the_named_attributes(plain):
    plain.put(plain.item(a={"M": {"b": n(1), "c": n(2)}}, status=s("x")))
    item = plain.get(ProjectionExpression="a.b, #s", ExpressionAttributeNames={"#s": "status"})
    assert item == {"a": {"M": {"b": n(1)}}, "status": s("x")}


def test_time_to_live_is_switched_on_and_told(tables):
    specification = {"Enabled": True, "AttributeName": "expires_at"}
    answer = tables.update_time_to_live(TableName="plain", TimeToLiveSpecification=specification)
    assert answer["TimeToLiveSpecification"] == specification
    told = tables.describe_time_to_live(TableName="plain")["TimeToLiveDescription"]
    assert told["AttributeName"] == "expires_at"
    assert told["TimeToLiveStatus"] in ("ENABLING", "ENABLED")


def test_an_item_whose_time_has_ended_is_read_until_it_is_deleted(plain):
    plain.put(plain.item(expires_at=n(1)))
    assert plain.get() == plain.item(expires_at=n(1))


def test_a_key_is_whole_of_its_type_and_not_empty(ordered, refused):
    for key in ({"pk": s("a")}, {"pk": s("a"), "sk": n(1)}, {"pk": s("a"), "sk": s("b"), "more": s("c")}):
        with refused(INVALID, "The provided key element does not match the schema"):
            ordered.get(key)
    with refused(INVALID, "empty string value"):
        ordered.put({"pk": s(""), "sk": s("a")})


def test_an_item_is_at_most_400_kilobytes(plain, refused):
    room = 400 * 1024 - len("pk" + plain.pk + "a")
    plain.put(plain.item(a=s("x" * room)))
    with refused(INVALID, "Item size has exceeded the maximum allowed size"):
        plain.put(plain.item(a=s("x" * (room + 1))))


def test_numbers_are_kept_exactly_to_38_digits(plain, refused):
    digits = "1234567890123456789012345678901234567.8"
    plain.put(plain.item(a={"N": "1.50"}, b={"N": digits}, c={"N": "-0"}, d={"N": "1E3"}))
    assert plain.get() == plain.item(a=n("1.5"), b={"N": digits}, c=n(0), d=n(1000))
    with refused(INVALID):
        plain.put(plain.item(a={"N": digits + "9"}))
    with refused(INVALID):
        plain.put(plain.item(a={"N": "one"}))


def test_a_set_is_neither_empty_nor_has_duplicates(plain, refused):
    with refused(INVALID):
        plain.put(plain.item(a={"SS": []}))
    with refused(INVALID, "duplicates"):
        plain.put(plain.item(a={"SS": ["x", "x"]}))


def test_bytes_are_kept(plain):
    plain.put(plain.item(a={"B": b"\x00\xff"}))
    assert plain.get()["a"]["B"] == b"\x00\xff"


def test_an_expression_uses_what_it_is_given_and_no_reserved_word(plain, refused):
    with refused(INVALID, "unused in expressions: keys: {:b}"):
        plain.update("SET a = :a", {":a": n(1), ":b": n(1)})
    with refused(INVALID, "reserved keyword"):
        plain.update("SET status = :a", {":a": n(1)})
    with refused(INVALID, "An expression attribute value used in expression is not defined"):
        plain.update("SET a = :a, b = :b", {":a": n(1)})


def test_an_unknown_table_is_not_found(aws, refused):
    with refused("ResourceNotFoundException"):
        aws.client("dynamodb").get_item(TableName="nowhere", Key={"pk": s("a")})


def test_a_table_is_described_with_its_keys_and_indexes(tables):
    table = tables.describe_table(TableName="sorted")["Table"]
    assert (table["TableStatus"], table["KeySchema"]) == ("ACTIVE", [KEY, SORT])
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    [index] = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["IndexStatus"]) == ("due", "ACTIVE")
    assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["kind"]}


def test_a_protected_table_is_not_deleted(tables, name, refused):
    tables.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[KEY],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        DeletionProtectionEnabled=True,
    )
    with refused(INVALID, "protected against deletion"):
        tables.delete_table(TableName=name)


def test_what_a_write_consumes_is_told(plain):
    answer = plain.put(plain.item(), ReturnConsumedCapacity="TOTAL")
    assert (answer["ConsumedCapacity"]["TableName"], answer["ConsumedCapacity"]["CapacityUnits"]) == ("plain", 1)
    put = plain.action("Put", Item=plain.item())
    [consumed] = plain.transact(put, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert consumed["CapacityUnits"] == 2
