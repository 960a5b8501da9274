"""Two examples for the help of every command."""

from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "audit": ("eksdns audit", "eksdns audit --region eu-west-1 -o html > audit.html"),
    "plan": ("eksdns plan --all", "eksdns plan --cluster 'prod-*' --lameduck 20s --out plan.json"),
    "show": ("eksdns show plan.json", "eksdns show plan.json -o html > plan.html"),
    "apply": ("eksdns apply --cluster prod --lameduck 20s", "eksdns apply plan.json"),
    "resume": ("eksdns resume RUN", "eksdns resume RUN --until-wave canary"),
    "approve": ("eksdns approve RUN prod", "eksdns approve RUN prod --by ana"),
    "skip": (
        "eksdns skip RUN prod-3 --reason 'node upgrade'",
        "eksdns skip RUN shop/eu-west-1/prod --reason INC-7",
    ),
    "retry": ("eksdns retry RUN --failed", "eksdns retry RUN --failed --max-concurrency 5"),
    "abort": ("eksdns abort RUN", "eksdns abort RUN --reason 'wrong values'"),
    "rollback": ("eksdns rollback RUN --dry-run", "eksdns rollback RUN --wave prod"),
    "unlock": ("eksdns unlock RUN", "eksdns unlock RUN --yes"),
    "history": ("eksdns history", "eksdns history --cluster prod"),
    "adopt": ("eksdns adopt --cluster legacy --dry-run", "eksdns adopt --cluster legacy --undo"),
    "drift": ("eksdns drift --all --live", "eksdns drift --all --detailed-exitcode -o json"),
    "status": ("eksdns status --all --region eu-west-1", "eksdns status --cluster 'prod-*' -o csv"),
    "upgrade-check": (
        "eksdns upgrade-check --all --to 1.34",
        "eksdns upgrade-check --cluster prod --to latest",
    ),
    "validate": (
        "eksdns validate",
        "eksdns validate eksdns.yaml --addon-version v1.11.4-eksbuild.51",
    ),
    "init": ("eksdns init --region eu-west-1", "eksdns init --goal recommended"),
    "explain": ("eksdns explain prod", "eksdns explain shop/eu-west-1/prod"),
    "emit": (
        "eksdns emit terraform --cluster prod",
        "eksdns emit cloudformation --cluster prod --lameduck 20s",
    ),
    "recommend": ("eksdns recommend", "eksdns recommend --propagation 20s"),
    "schema": ("eksdns schema v1.11.4-eksbuild.51", "eksdns schema --config > eksdns.schema.json"),
    "matrix": ("eksdns matrix --shards 8", "eksdns matrix --shards 8 --ou /Workloads"),
    "timeline": (
        "eksdns timeline --lameduck 20s --grace 45s --pre-stop 5s",
        "eksdns timeline --lameduck 30s --grace 30s --svg shutdown.svg",
    ),
    "probe": ("eksdns probe 10.20.0.10", "eksdns probe 10.20.0.10 --rate 200 --seconds 60"),
    "probe-agent": (
        "eksdns probe-agent --server a=10.20.0.10",
        "eksdns probe-agent --server a=10.20.0.10 --server b=10.20.0.11:53",
    ),
    "prove": (
        "eksdns prove --cluster staging --image IMAGE --svg proof.svg",
        "eksdns prove --cluster lab --image IMAGE --scale-to 0 --test-cluster",
    ),
    "doctor": ("eksdns doctor --all", "eksdns doctor --print iam-plan"),
    "demo": ("eksdns demo", "eksdns demo 2> messages.txt"),
    "simulate": ("eksdns simulate", "eksdns simulate owners --speed 60"),
    "help": ("eksdns help rollout", "eksdns help --man > eksdns.1"),
    "bug-report": ("eksdns bug-report", "eksdns bug-report --out report.md"),
    "completion": ("eksdns completion bash", "eksdns completion zsh > _eksdns"),
    "corefile show": (
        "eksdns corefile show Corefile",
        "eksdns corefile show - < Corefile",
    ),
    "corefile lint": (
        "eksdns corefile lint Corefile",
        "eksdns corefile lint Corefile --fix --diff",
    ),
    "corefile set": (
        "eksdns corefile set lameduck=20s Corefile",
        "eksdns corefile set cache=60 Corefile --in-place",
    ),
    "corefile diff": ("eksdns corefile diff old.txt new.txt", "eksdns corefile diff Corefile -"),
    "corefile try": (
        "eksdns corefile try Corefile --query example.org",
        "eksdns corefile try Corefile --before old.txt",
    ),
    "report merge": (
        "eksdns report merge a.json b.json",
        "eksdns report merge shard-*.json -o markdown",
    ),
    "github run": (
        "eksdns github run --command 'plan --all'",
        "eksdns github run --command 'drift --all' --folder out",
    ),
    "github gather": (
        "eksdns github gather parts --parts 8",
        "eksdns github gather parts --parts 2 --folder out",
    ),
    "github wave": (
        "eksdns github wave --plan plan.json --wave canary",
        "eksdns github wave --run RUN --wave prod",
    ),
    "github reviewed": ("eksdns github reviewed", "eksdns github reviewed --key prod"),
    "github compare": (
        "eksdns github compare report.json --reviewed reviewed.json",
        "eksdns github compare report.json --on-plan-change continue",
    ),
    "github gate": (
        "eksdns github gate --environment prod",
        "eksdns github gate --environment prod --repository acme/dns",
    ),
    "github due": ("eksdns github due", "eksdns github due --state s3://acme-eksdns/runs"),
    "github cancel": (
        "eksdns github cancel --workflow-run 4711",
        "eksdns github cancel --workflow-run '4711 4712'",
    ),
    "github operate": (
        "eksdns github operate --operation history --run RUN",
        "eksdns github operate --operation rollback --run RUN --dry-run",
    ),
    "github waves": ("eksdns github waves plan.json", "eksdns github waves parts/1/plan.json"),
    "github shards": ("eksdns github shards --shards 8", "eksdns github shards --shards 1"),
    "github outcome": (
        "eksdns github outcome --needs NEEDS",
        "eksdns github outcome --needs NEEDS --key prod",
    ),
    "github comment": (
        "eksdns github comment report.json --pull-request 7",
        "eksdns github comment --out-of-date",
    ),
    "github issue": (
        "eksdns github issue drift.json",
        "eksdns github issue --not-checked",
    ),
    "github doctor": (
        "eksdns github doctor --hub-role ROLE_ARN",
        "eksdns github doctor --hub-role ROLE_ARN --environment prod",
    ),
    "github validate": ("eksdns github validate", "eksdns github validate configs/eksdns.yaml"),
}
"""By the words after `eksdns`."""
