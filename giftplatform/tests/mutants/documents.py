"""The guards of receipts, credit notes and statements, and how each is taken away."""

from giftplatform.tests.mutants.guards import CORRUPTED, MATRIX, Edit, Guard, guard

ISSUING = "wallet/documents/issuing.py"
TABLES = "wallet/migrations/0001_initial.py"
TRIGGERS = "wallet/sql/documents.sql"
CHECKS = "wallet/checks.py"
PAPERS = "wallet/tests/test_documents.py"
CROWD = "wallet/tests/test_document_races.py"
EMAILS = "wallet/tests/test_document_emails.py"
MONTHS = "wallet/tests/test_statements.py"

GUARDS = [
    guard(
        "a document's number is drawn from the row of its series",
        ISSUING,
        "document.number = draw(document.series)",
        "document.number = Document.objects.filter(series=document.series).count() + 1",
        f"{CROWD}::test_two_series_at_once_have_no_gap_and_no_double",
    ),
    Guard(
        "who issues a document holds its order or refund",
        (
            Edit(
                ISSUING,
                "rows.select_for_update(no_key=True, skip_locked=True).first()",
                "rows.first()",
                times=3,
            ),
        ),
        (f"{CROWD}::test_workers_at_one_order_issue_it_once",),
    ),
    guard(
        "a document is issued for paid orders alone",
        ISSUING,
        "Purchase.objects.filter(state=Purchase.State.PAID)",
        "Purchase.objects.all()",
        f"{PAPERS}::test_each_paid_order_gets_one_receipt_in_the_order_of_payment",
    ),
    guard(
        "a document for a refund waits until it is done",
        ISSUING,
        "Refund.objects.filter(state=Refund.State.DONE)",
        "Refund.objects.all()",
        f"{PAPERS}::test_a_refund_that_failed_before_its_note_says_nothing",
    ),
    guard(
        "unique: one_document_per_number",
        TABLES,
        "fields=('series', 'number'), name='one_document_per_number'",
        "fields=('series', 'number', 'id'), name='one_document_per_number'",
        f"{PAPERS}::test_the_database_refuses_a_number_twice_and_sums_that_do_not_add_up",
    ),
    guard(
        "unique: one_receipt_per_purchase, of documents",
        TABLES,
        "fields=('purchase',), name='one_receipt_per_purchase'",
        "fields=('purchase', 'id'), name='one_receipt_per_purchase'",
        f"{PAPERS}::test_the_database_refuses_a_second_document_for_the_same",
    ),
    guard(
        "unique: one_document_per_refund",
        TABLES,
        "fields=('refund', 'kind'), name='one_document_per_refund'",
        "fields=('refund', 'kind', 'id'), name='one_document_per_refund'",
        f"{PAPERS}::test_the_database_refuses_a_second_document_for_the_same",
    ),
    guard(
        "a document that was issued is not changed",
        TRIGGERS,
        "WHEN (to_jsonb(OLD)",
        "WHEN (false AND to_jsonb(OLD)",
        f"{PAPERS}::test_an_issued_document_cannot_be_changed",
    ),
    guard(
        "a document that was issued is not deleted",
        TRIGGERS,
        "BEFORE DELETE OR TRUNCATE ON wallet_document",
        "BEFORE TRUNCATE ON wallet_document",
        f"{PAPERS}::test_an_issued_document_cannot_be_deleted",
    ),
    guard(
        "the audit finds a gap in the documents",
        CHECKS,
        "    numbers_have_no_gaps,\n",
        "",
        f"{CORRUPTED}::test_a_corruption_is_found_and_its_row_named",
    ),
    guard(
        "the audit finds money without its document",
        CHECKS,
        "    money_has_its_documents,\n",
        "",
        f"{CORRUPTED}::test_a_corruption_is_found_and_its_row_named",
    ),
    guard(
        "the audit finds a document that says something else",
        CHECKS,
        "    documents_say_what_rows_say,\n",
        "",
        f"{CORRUPTED}::test_a_corruption_is_found_and_its_row_named",
    ),
    guard(
        "a fan finds their own documents only",
        "wallet/views/documents.py",
        "Document.objects.filter(purchase__user=request.user)",
        "Document.objects.all()",
        f"{PAPERS}::test_others_do_not_find_my_documents",
    ),
    guard(
        "a key to the API finds its person's documents only",
        "wallet/api/documents.py",
        "Document.objects.filter(purchase__user=person_of(request))",
        "Document.objects.all()",
        f"{EMAILS}::test_the_api_names_the_documents_of_an_order_and_hands_the_file_out",
    ),
    guard(
        "sending a document again takes its right",
        "wallet/admin/documents.py",
        'self.again, "wallet.resend_document"',
        'self.again, "wallet.view_document"',
        f"{MATRIX}::test_a_page_that_an_admin_adds_opens_with_its_right",
    ),
    guard(
        "a statement's document email comes to those who want it",
        "wallet/statements/emails.py",
        "wanted = row.user.monthly_email and ",
        "wanted = ",
        f"{MONTHS}::test_who_turned_it_off_gets_none_even_after_it_was_planned",
    ),
    guard(
        "a month of documents is planned once",
        "wallet/statements/emails.py",
        "batch_size=BATCH, ignore_conflicts=True",
        "batch_size=BATCH",
        f"{MONTHS}::test_workers_at_once_plan_and_send_each_month_once",
    ),
]
