"""Parameter Store, against its API reference: PutParameter, GetParameter, GetParameters."""


def put(aws, name, value="s3cret", **more):
    return aws.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", **more)


def test_a_parameter_is_read_decrypted_with_its_name_type_and_version(aws, name):
    put(aws, f"/{name}/key")
    parameter = aws.client("ssm").get_parameter(Name=f"/{name}/key", WithDecryption=True)["Parameter"]
    assert (parameter["Name"], parameter["Value"]) == (f"/{name}/key", "s3cret")
    assert (parameter["Type"], parameter["Version"], parameter["DataType"]) == ("SecureString", 1, "text")
    assert parameter["ARN"].endswith(f":parameter/{name}/key")
    assert parameter["LastModifiedDate"].year > 2000


def test_without_decryption_a_secure_parameter_is_not_readable(aws, name):
    put(aws, name)
    assert aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"] != "s3cret"


def test_an_unknown_parameter_is_not_found(aws, name, refused):
    with refused("ParameterNotFound"):
        aws.client("ssm").get_parameter(Name=name)


def test_several_are_read_at_once_and_the_unknown_are_named(aws, name):
    put(aws, f"{name}-a", "one")
    put(aws, f"{name}-b", "two")
    names = [f"{name}-a", f"{name}-b", f"{name}-c"]
    answer = aws.client("ssm").get_parameters(Names=names, WithDecryption=True)
    assert {found["Name"]: found["Value"] for found in answer["Parameters"]} == {names[0]: "one", names[1]: "two"}
    assert answer["InvalidParameters"] == [names[2]]


def test_at_most_ten_are_read_at_once(aws, name, refused):
    with refused("ValidationException"):
        aws.client("ssm").get_parameters(Names=[f"{name}-{number}" for number in range(11)])


def test_a_parameter_is_replaced_only_where_that_is_asked_for(aws, name, refused):
    put(aws, name, "old")
    with refused("ParameterAlreadyExists"):
        put(aws, name, "new")
    assert put(aws, name, "new", Overwrite=True)["Version"] == 2
    parameter = aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert (parameter["Value"], parameter["Version"]) == ("new", 2)


def test_a_version_is_chosen_by_its_number(aws, name):
    put(aws, name, "old")
    put(aws, name, "new", Overwrite=True)
    parameter = aws.client("ssm").get_parameter(Name=f"{name}:1", WithDecryption=True)["Parameter"]
    assert parameter["Value"] == "old"
