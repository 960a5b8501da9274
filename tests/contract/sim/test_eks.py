"""What real boto3 clients get from EKS, whoever plays it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws.backends import CLUSTERS, OTHER_VERSION, PLAIN, SCHEMAS, VERSION, WITHOUT_ADDON


def update(eks: Any, name: str = "c-001", **wanted: Any) -> Any:
    return eks.update_addon(clusterName=name, addonName="coredns", **wanted)["update"]


def addon(eks: Any, name: str = "c-001") -> Any:
    return eks.describe_addon(clusterName=name, addonName="coredns")["addon"]


def test_pages_of_clusters_add_up_to_all_of_them(aws):
    pages = list(aws.client("eks").get_paginator("list_clusters").paginate(PaginationConfig={"PageSize": 10}))
    assert [len(page["clusters"]) for page in pages] == [10, 10, 5]
    assert [name for page in pages for name in page["clusters"]] == CLUSTERS


def test_a_cluster_is_described_with_what_a_kubernetes_client_needs(aws):
    cluster = aws.client("eks").describe_cluster(name="c-001")["cluster"]
    assert cluster["status"] == "ACTIVE"
    assert cluster["arn"].endswith(":cluster/c-001")
    assert cluster["endpoint"].startswith("https://")
    assert cluster["certificateAuthority"]["data"]


def test_a_cluster_that_does_not_exist_raises_the_modelled_error(aws):
    eks = aws.client("eks")
    with pytest.raises(eks.exceptions.ResourceNotFoundException) as caught:
        eks.describe_cluster(name="absent")
    assert caught.value.response["Error"]["Message"] == "No cluster found for name: absent."
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_add_ons_are_listed_and_absence_is_not_an_error(aws):
    eks = aws.client("eks")
    assert eks.list_addons(clusterName="c-001")["addons"] == ["coredns"]
    assert eks.list_addons(clusterName=WITHOUT_ADDON)["addons"] == []


def test_describing_an_add_on_that_is_not_installed_raises_the_modelled_error(aws):
    eks = aws.client("eks")
    with pytest.raises(eks.exceptions.ResourceNotFoundException) as caught:
        addon(eks, WITHOUT_ADDON)
    assert caught.value.response["Error"]["Message"] == f"No addon: coredns found in cluster: {WITHOUT_ADDON}"


def test_an_add_on_of_a_cluster_that_does_not_exist_blames_the_cluster(aws):
    eks = aws.client("eks")
    with pytest.raises(
        eks.exceptions.ResourceNotFoundException, match=r"No cluster found for name: absent\."
    ):
        addon(eks, "absent")


def test_values_are_stored_verbatim_and_whole(aws):
    eks = aws.client("eks")
    text = '{ "corefile" : ".:53 {\\r\\n}\\r\\n" }\n'
    begun = update(eks, configurationValues=text, resolveConflicts="PRESERVE")
    aws.finish()
    assert addon(eks)["configurationValues"] == text
    assert begun["type"] == "AddonUpdate"
    params = {each["type"]: each["value"] for each in begun["params"]}
    assert params == {"ConfigurationValues": text, "ResolveConflicts": "PRESERVE"}


def test_values_that_are_excluded_stay(aws):
    eks = aws.client("eks")
    update(eks, addonVersion=OTHER_VERSION)
    aws.finish()
    assert addon(eks)["configurationValues"] == PLAIN
    assert addon(eks)["addonVersion"] == OTHER_VERSION


def test_an_update_goes_from_in_progress_to_successful(aws):
    eks = aws.client("eks")
    begun = update(eks, configurationValues="{}")
    assert begun["status"] == "InProgress"
    assert addon(eks)["status"] == "UPDATING"
    aws.finish()
    ended = eks.describe_update(name="c-001", updateId=begun["id"], addonName="coredns")["update"]
    assert (ended["status"], addon(eks)["status"]) == ("Successful", "ACTIVE")


def test_a_second_update_meanwhile_is_refused(aws):
    eks = aws.client("eks")
    update(eks, configurationValues="{}")
    with pytest.raises(eks.exceptions.ResourceInUseException) as caught:
        update(eks, configurationValues=PLAIN)
    message = "Addon coredns cannot be updated as it is currently in UPDATING state"
    assert caught.value.response["Error"]["Message"] == message
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_repeated_token_names_the_update_that_it_began(aws):
    eks = aws.client("eks")
    first = update(eks, configurationValues="{}", clientRequestToken="token-1")
    again = update(eks, configurationValues="{}", clientRequestToken="token-1")
    assert again["id"] == first["id"]
    assert eks.list_updates(name="c-001", addonName="coredns")["updateIds"] == [first["id"]]


def test_a_repeated_token_with_other_parameters_is_refused(aws):
    eks = aws.client("eks")
    update(eks, configurationValues="{}", clientRequestToken="token-1")
    with pytest.raises(eks.exceptions.InvalidParameterException, match="clientRequestToken"):
        update(eks, configurationValues=PLAIN, clientRequestToken="token-1")


def test_an_update_is_found_only_with_the_name_of_its_add_on(aws):
    eks = aws.client("eks")
    begun = update(eks, configurationValues="{}")
    with pytest.raises(
        eks.exceptions.ResourceNotFoundException, match=f"No update found for ID: {begun['id']}"
    ):
        eks.describe_update(name="c-001", updateId=begun["id"])
    assert eks.list_updates(name="c-001")["updateIds"] == []


def test_unknown_keys_are_refused_at_once_and_change_nothing(aws):
    eks = aws.client("eks")
    with pytest.raises(eks.exceptions.InvalidParameterException) as caught:
        update(eks, configurationValues='{"terminationGracePeriodSeconds": 40}')
    assert caught.value.response["Error"]["Message"] == (
        "ConfigurationValue provided in request is not supported: Json schema validation failed with error: "
        "[$.terminationGracePeriodSeconds: is not defined in the schema "
        "and the schema does not allow additional properties]"
    )
    assert addon(eks)["configurationValues"] == PLAIN


def test_an_add_on_version_that_does_not_exist_is_refused(aws):
    eks = aws.client("eks")
    with pytest.raises(
        eks.exceptions.InvalidParameterException, match="Addon version specified is not supported"
    ):
        update(eks, addonVersion="v9.9.9-eksbuild.1")


def test_a_version_reports_its_schema(aws):
    import json

    answer = aws.client("eks").describe_addon_configuration(addonName="coredns", addonVersion=VERSION)
    assert json.loads(answer["configurationSchema"]) == SCHEMAS[VERSION]


def test_accounts_do_not_see_each_others_clusters(aws):
    theirs = aws.in_member("eks")
    assert theirs.list_clusters()["clusters"] == ["theirs"]
    with pytest.raises(theirs.exceptions.ResourceNotFoundException):
        theirs.describe_cluster(name="c-001")


def test_regions_do_not_see_each_others_clusters(aws):
    assert aws.client("eks", "us-east-1").list_clusters()["clusters"] == []


def test_a_bad_page_token_is_refused(simulated):
    eks = simulated.client("eks")
    with pytest.raises(eks.exceptions.InvalidParameterException, match="nextToken"):
        eks.list_clusters(nextToken="bogus")


def test_a_page_token_of_another_list_is_refused(simulated):
    eks = simulated.client("eks")
    token = eks.list_clusters(maxResults=5)["nextToken"]
    with pytest.raises(eks.exceptions.InvalidParameterException, match="nextToken"):
        eks.list_addons(clusterName="c-001", nextToken=token)


def test_connected_clusters_show_only_where_asked_for(simulated):
    assert len(simulated.client("eks").list_clusters(include=["all"])["clusters"]) == len(CLUSTERS)


def test_the_catalogue_returns_defaults_and_pages(simulated):
    eks = simulated.client("eks")
    pages = eks.get_paginator("describe_addon_versions").paginate(
        addonName="coredns", kubernetesVersion="1.33", PaginationConfig={"PageSize": 10}
    )
    versions = [each for page in pages for addon in page["addons"] for each in addon["addonVersions"]]
    default = [
        each["addonVersion"]
        for each in versions
        for fit in each["compatibilities"]
        if fit["clusterVersion"] == "1.33" and fit["defaultVersion"]
    ]
    assert default == ["v1.12.4-eksbuild.18"]
    assert len({each["addonVersion"] for each in versions}) == len(versions) > 20


def test_an_add_on_can_be_created_and_deleted(simulated):
    eks = simulated.client("eks")
    created = eks.create_addon(
        clusterName=WITHOUT_ADDON, addonName="coredns", addonVersion=VERSION, configurationValues=PLAIN
    )["addon"]
    assert created["status"] == "CREATING"
    with pytest.raises(eks.exceptions.ResourceInUseException, match="currently in CREATING state"):
        update(eks, WITHOUT_ADDON, configurationValues="{}")
    simulated.finish()
    assert addon(eks, WITHOUT_ADDON)["status"] == "ACTIVE"
    with pytest.raises(eks.exceptions.ResourceInUseException, match=r"Addon already exists\."):
        eks.create_addon(clusterName=WITHOUT_ADDON, addonName="coredns")
    assert eks.delete_addon(clusterName=WITHOUT_ADDON, addonName="coredns")["addon"]["status"] == "DELETING"
    simulated.finish()
    assert eks.list_addons(clusterName=WITHOUT_ADDON)["addons"] == []


def test_a_role_and_pod_identities_make_the_round_trip(simulated):
    eks = simulated.client("eks")
    role = "arn:aws:iam::123456789012:role/dns"
    identities = [{"serviceAccount": "coredns", "roleArn": role}]
    update(eks, serviceAccountRoleArn=role, podIdentityAssociations=identities)
    simulated.finish()
    assert addon(eks)["serviceAccountRoleArn"] == role
    assert addon(eks)["podIdentityAssociations"][0].endswith("/a-coredns")
    update(eks, configurationValues="{}")
    simulated.finish()
    assert "serviceAccountRoleArn" not in addon(eks)
    assert len(addon(eks)["podIdentityAssociations"]) == 1


def test_a_name_with_a_slash_stays_one_name(simulated):
    eks = simulated.client("eks")
    with pytest.raises(eks.exceptions.ResourceNotFoundException, match="No cluster found for name: a/b c"):
        eks.describe_cluster(name="a/b c")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"resolveConflicts": "MAYBE"}, "Member must satisfy enum value set"),
        ({"configurationValues": "null"}, r"\$: null found, object expected"),
        ({"configurationValues": "a: [b"}, "it is neither JSON nor YAML"),
        (
            {"configurationValues": '{"replicaCount": "3"}'},
            r"\$.replicaCount: string found, integer expected",
        ),
    ],
)
def test_bad_updates_are_refused_with_the_reason(simulated, wanted, message):
    eks = simulated.client("eks")
    with pytest.raises(eks.exceptions.InvalidParameterException, match=message):
        update(eks, **wanted)


def test_an_operation_that_is_not_simulated_is_an_error_and_no_crash(simulated):
    with pytest.raises(ClientError, match="does not support this operation"):
        simulated.client("eks").list_nodegroups(clusterName="c-001")
