"""The guards of what comes from outside: texts, forms, bodies, passkeys, prefilled rows."""

from giftplatform.tests.mutants.guards import INCOMING, Guard, guard

MEASURES = "foundation/incoming.py"
HOSTILE_API = "giftplatform/tests/test_hostile_input.py"
BODIES = f"{INCOMING}::test_a_body_of_json_that_nobody_sends_is_refused_by_its_code"
FORMS = f"{INCOMING}::test_a_form_with_nul_is_refused_with_a_sentence"
ADDRESSES = f"{INCOMING}::test_an_address_with_nul_or_without_end_is_refused"
UPLOAD_COSTS = "gifts/tests/stage/test_upload_costs.py"
STATEMENT_COSTS = "payouts/tests/test_statement_costs.py"
WEBHOOKS = "wallet/tests/test_settlement.py"


def measure(name: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard of the one file that measures."""
    return guard(f"input: {name}", MEASURES, before, after, *tests)


GUARDS = [
    measure("no NUL", 'if "\\0" in words:', "if False:", BODIES, FORMS),
    measure(
        "no half of a character",
        "    except UnicodeEncodeError:\n        return False",
        "    except UnicodeEncodeError:\n        return True",
        BODIES,
    ),
    measure("no long value", "if len(text) > LONGEST_TEXT:", "if False:", BODIES),
    measure(
        "no large JSON",
        "if len(body) > LARGEST_JSON:\n        raise InputTooLong\n    try:",
        "try:",
        f"{INCOMING}::test_json_over_its_bound_is_not_read",
    ),
    measure(
        "what is no JSON is refused",
        "except (ValueError, RecursionError):",
        "except ZeroDivisionError:",
        BODIES,
    ),
    measure("NaN is no JSON", ", parse_constant=_refuse", "", BODIES),
    measure(
        "every text of a JSON body is measured", "    if texts:\n", "    if False:\n", HOSTILE_API
    ),
    measure(
        "names too", "texts += [name for value in level", "texts += [name for value in []", BODIES
    ),
    measure("not too many values", "if seen > MOST_VALUES:", "if False:", BODIES),
    measure(
        "not too deep",
        "    raise NotJson\n\n\ndef answers",
        "    return texts\n\n\ndef answers",
        BODIES,
    ),
    measure(
        "no file where none is wanted",
        "if not _wants_files(view):",
        "if False:",
        f"{INCOMING}::test_a_file_where_none_is_wanted_is_a_form_that_is_too_long",
    ),
    measure(
        "no long query",
        'if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:',
        "if False:",
        ADDRESSES,
    ),
    measure(
        "what a place of an address holds is measured",
        "            measure(value for value in kwargs.values() if isinstance(value, str))\n",
        "",
        ADDRESSES,
    ),
    measure(
        "a query is measured",
        "            measure(_texts_of(request.GET.lists()))\n",
        "",
        ADDRESSES,
    ),
    measure(
        "a form is measured",
        "                measure(_texts_of(request.POST.lists()))\n",
        "                pass\n",
        FORMS,
    ),
    measure(
        "a cookie that cannot be ours is none",
        "{k: v for k, v in request.COOKIES.items() if is_text(v)}",
        "request.COOKIES",
        f"{INCOMING}::test_a_cookie_that_cannot_be_ours_is_none",
    ),
    measure("a body's length is believed", "int(told[:18]) > most", "False", INCOMING),
    measure(
        "no more of a body is read", "request.read(LARGEST_JSON + 1)", "request.read()", INCOMING
    ),
    guard(
        "input: the elements of a film are counted",
        "gifts/stage/uploads/webm.py",
        "if file.left < 0:",
        "if False:",
        UPLOAD_COSTS,
    ),
    guard(
        "input: a film's numbers are as short as WebM's",
        "gifts/stage/uploads/webm.py",
        "if found and found.end - found.start > LONGEST_WHOLE:",
        "if False:",
        UPLOAD_COSTS,
    ),
    guard(
        "input: the chunks of a moving picture are counted",
        "gifts/stage/uploads/apng.py",
        "if len(found) == MOST_CHUNKS:",
        "if False:",
        UPLOAD_COSTS,
    ),
    guard(
        "input: the rows of a bank's file are counted",
        "foundation/bank_files/reader.py",
        "if rows[node.tag] > most_rows():",
        "if False:",
        STATEMENT_COSTS,
    ),
    guard(
        "input: what is no passkey's answer is a wrong one",
        "accounts/forms/sign_in.py",
        "        except NOT_AN_ANSWER:",
        "        except ZeroDivisionError:",
        "giftplatform/tests/test_passkeys.py",
    ),
    guard(
        "input: an address fills in only rows that a new one belongs to",
        "giftplatform/staff/site.py",
        "            request.GET = prefilling(keeper, request.GET)",
        "            request.GET = request.GET",
        "giftplatform/tests/test_staff.py::test_an_address_fills_in_only_what_a_new_row_belongs_to",
    ),
]
