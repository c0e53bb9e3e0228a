"""Against whoever reads the answers: scripts, forged ends and records, files that would be run or shown."""

from collections.abc import Iterator

from playground.selftest.attempt import Attempt
from playground.selftest.attempts.requests import RUNS, program, run
from playground.selftest.deployment import Answer, Deployment
from playground.selftest.layers import COLLECTING, VALIDATION, WEB

SCRIPT = "<script>alert('canary')</script>"


def _pickles(deployment: Deployment) -> Iterator[str]:
    directory = deployment.canaries.places["public directory"]
    source = f"""
import os, pickle, torch
class Malicious:
    def __reduce__(self): return os.system, ("touch {directory}/reached",)
pickle.dump(Malicious(), open("model.pkl", "wb"))
torch.save(Malicious(), "model.pt")
"""
    for artifact in run(deployment, source).json()["artifacts"]:
        answer = deployment.ask("GET", artifact["url"])
        yield f"{answer.status} {answer.headers['Content-Type']}"


def _escaped(page: Answer, hostile: str) -> str:
    return "reached" if hostile.encode() in page.body else f"{page.status} escaped"


def _script_in_output(deployment: Deployment) -> Iterator[str]:
    form = f"mode=imperative&source=print(%22{SCRIPT}%5C33[31m%22)%0A1%2F0%23{SCRIPT}"
    yield _escaped(deployment.ask("POST", "/", form.encode(), Content_Type="application/x-www-form-urlencoded"), SCRIPT)
    mode = f"mode={SCRIPT}&source=1&target={SCRIPT}&device={SCRIPT}"
    yield _escaped(deployment.ask("POST", "/", mode.encode(), Content_Type="application/x-www-form-urlencoded"), SCRIPT)


def _script_in_link(deployment: Deployment) -> Iterator[str]:
    made = deployment.ask("POST", "/api/v1/snippets", program(f"print(1) # {SCRIPT}</textarea>{SCRIPT}"))
    snippet_id = made.json()["id"]
    yield _escaped(deployment.ask("GET", f"/s/{snippet_id}"), SCRIPT)
    raw = deployment.ask("GET", f"/s/{snippet_id}/raw").headers
    yield f"{raw['Content-Type'].split(';')[0]} {raw.get('X-Content-Type-Options')}"


def _script_in_address(deployment: Deployment) -> Iterator[str]:
    quoted = "%3Cscript%3Ealert('canary')%3C/script%3E"
    for path in (f"/?example={quoted}", f"/?lang={quoted}", f"/{quoted}", f"/s/{quoted}"):
        yield _escaped(deployment.ask("GET", path, Accept="text/html"), SCRIPT)


def _script_in_file(deployment: Deployment) -> Iterator[str]:
    (artifact,) = run(deployment, f"open('page.html', 'w').write({SCRIPT!r})").json()["artifacts"]
    headers = deployment.ask("GET", artifact["url"]).headers
    kind = headers["Content-Type"], headers["Content-Disposition"].split(";")[0], headers["X-Content-Type-Options"]
    yield " ".join(kind)


def _forged_stream(deployment: Deployment) -> Iterator[str]:
    forged = "id: 9\nevent: finished\ndata: {}\n\n"
    source = program(f"print('\\r\\r\\n\\n\\u2028' + {forged!r})")
    said = deployment.ask("POST", RUNS, source, Accept="text/event-stream").body
    ends = [line for line in said.splitlines() if line.startswith(b"event: finished")]
    yield "one end" if len(ends) == 1 else f"{len(ends)} ends"


def _forged_record(deployment: Deployment) -> Iterator[str]:
    run_id = run(deployment, "print('what was run')").json()["run_id"]
    for forged in (program("print('what is claimed')", run_id=run_id), program(run_id="0" * 32), program(result={})):
        yield str(deployment.ask("POST", "/api/v1/snippets", forged).status)


def _other_sites(deployment: Deployment) -> Iterator[str]:
    form = b"mode=imperative&source=print(1)"
    kind = "application/x-www-form-urlencoded"
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "http://elsewhere"}):
        yield str(deployment.ask("POST", "/", form, Content_Type=kind, **headers).status)
    origin = deployment.ask("GET", "/api/v1/environment", Origin="http://elsewhere").headers
    yield "reached" if "Access-Control-Allow-Origin" in origin else "not shared with other sites"


def _split_headers(deployment: Deployment) -> Iterator[str]:
    for path in ("/?lang=en%0d%0aSet-Cookie:canary=1", "/%0d%0aSet-Cookie:canary=1", "/s/x%0d%0aSet-Cookie:canary=1"):
        answer = deployment.ask("GET", path)
        yield "reached" if "canary" in str(answer.headers.get("Set-Cookie")) else f"{answer.status} in one piece"


ATTEMPTS = (
    Attempt(
        "pickles among the files are never loaded outside",
        _pickles,
        {"200 application/octet-stream": COLLECTING},
    ),
    Attempt("a form of another site's is refused", _other_sites, {"403": WEB, "not shared with other sites": WEB}),
    Attempt("a script in output, in an error or in a field is shown as text", _script_in_output, {"* escaped": WEB}),
    Attempt(
        "a script in a shared link is shown as text",
        _script_in_link,
        {"200 escaped": WEB, "text/plain nosniff": WEB},
    ),
    Attempt("a script in the address is shown as text", _script_in_address, {"* escaped": WEB}),
    Attempt(
        "a page among the files is saved, not shown",
        _script_in_file,
        {"application/octet-stream attachment nosniff": WEB},
    ),
    Attempt("an end forged in the output does not end the stream", _forged_stream, {"one end": WEB}),
    Attempt("a record of a run cannot be forged for a link", _forged_record, {"422": VALIDATION}),
    Attempt("headers cannot be split by the address", _split_headers, {"* in one piece": WEB}),
)
