"""The system seen from outside: `python3 Tests/Outside --data <folder of make run>`. See docs/operations.md."""

import argparse
import importlib
import sys

from city import City
from report import Report

CHAPTERS = ["protocol", "generic", "statuses", "intake", "assignment", "handling", "supervision", "archive", "clocks"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", default=".local", help="the folder with clients.json and run.json")
    arguments.add_argument("--clock", help="the file that RENLING_CLOCK names; without it nothing lapses")
    arguments.add_argument("chapters", nargs="*", default=CHAPTERS)
    options = arguments.parse_args()
    report = Report()
    city = City(report, options.data, options.clock)
    for chapter in options.chapters:
        print(f"— {chapter}", flush=True)
        importlib.import_module(chapter).run(city)
    if options.chapters == CHAPTERS:
        for method in city.gateway.get("/openrpc.json").json()["methods"]:
            report.check(method["name"], method["name"] in report.called, "was called")
    return 0 if report.summary() else 1


if __name__ == "__main__":
    sys.exit(main())
