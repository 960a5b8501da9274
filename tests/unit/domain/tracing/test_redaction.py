"""No credential is in a text that is written for others."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.tracing.redaction import REMOVED, secret_values, shown_url, without_secrets

SECRETS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=12, max_size=40).filter(
    lambda text: not text.isdigit()
)


@given(SECRETS)
def test_a_secret_in_any_part_of_a_signed_url_is_not_shown(secret):
    url = (
        f"https://{secret}:{secret}@sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity"
        f"&X-Amz-Signature={secret}&X-Amz-Credential={quote(secret)}&{secret}=1#{secret}"
    ).replace(f"&{secret}=1", "")
    assert secret not in shown_url(url)
    assert shown_url(url).startswith("https://sts.eu-west-1.amazonaws.com/?Action=")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://eks.eu-west-1.amazonaws.com/clusters?maxResults=100", None),
        ("https://eks.eu-west-1.amazonaws.com/clusters?nextToken=abc", f"/clusters?nextToken={REMOVED}"),
        ("https://[::1]:6443/version", None),
        ("/version?limit=", None),
        ("https://host:port/", REMOVED),
    ],
)
def test_harmless_parameters_are_shown_and_all_others_are_removed(url, shown):
    assert shown_url(url).endswith(shown or url)


@pytest.mark.parametrize(
    "text",
    [
        "proxy http://ana:hunter2secret@proxy:3128 refused",
        "Authorization: AWS4-HMAC-SHA256 hunter2secret",
        "header authorization=Bearer hunter2secret",
        "sent Bearer hunter2secret==",
        "token k8s-aws-v1.hunter2secret",
        "got eyJhbGciOiJSUzI1NiJ9.hunter2secret.sig",
        "key AKIAHUNTER2SECRETXX and ghp_hunter2secret",
        "aws_secret_access_key = hunter2secret",
        '{"SessionToken": "hunter2secret"}',
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2secret",
    ],
)
def test_text_that_looks_like_a_credential_is_removed(text):
    clean = without_secrets(text)
    assert "hunter2secret" not in clean.lower()
    assert REMOVED in clean


@pytest.mark.parametrize(
    "text",
    [
        "eks DescribeAddon GET https://eks.eu-west-1.amazonaws.com/clusters/shop: 200 in 43 ms",
        "the grace period is 30 s, lameduck 20s",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert without_secrets(text) == text


def test_secret_values_are_those_of_variables_with_such_names_and_passwords_in_urls():
    environ = {
        "AWS_SECRET_ACCESS_KEY": "abcdefgh",
        "GITHUB_TOKEN": "ghtoken-1",
        "SHORT_KEY": "abc",
        "HTTPS_PROXY": "http://ana:proxy-password@proxy",
        "BROKEN": "http://[",
        "PLAIN_URL": "http://ana@host",
        "HOME": "/home/ana",
    }
    assert secret_values(environ) == ("proxy-password", "ghtoken-1", "abcdefgh")
    assert without_secrets("x abcdefgh y", secret_values(environ)) == f"x {REMOVED} y"
