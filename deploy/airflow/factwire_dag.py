"""Factwire every hour, for Airflow 3: put this file into the folder of DAGs. deploy/README.md says more."""

import datetime as dt

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# BashOperator hands on the last line of what is printed: the account is put on one line, and pipefail keeps the run's exit code.
COMMAND = """
set -o pipefail
factwire run --feeds /etc/factwire/feeds.opml --output /var/lib/factwire/facts --json | tr '\\n' ' '
"""

with DAG(
    dag_id="factwire",
    schedule="@hourly",
    start_date=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    catchup=False,  # a run reads what there is now: the hours that were missed have nothing of their own to read
    max_active_runs=1,
):
    BashOperator(
        task_id="run",
        bash_command=COMMAND,
        skip_on_exit_code=75,  # another run is under way
        retries=2,
        retry_delay=dt.timedelta(minutes=10),
    )
