"""The attacks that somebody would try first, and the tests that hold that each is refused.

Most of them stand beside what they are about. A test that is renamed or taken away is missed here.
"""

import ast
from functools import cache

import pytest
from django.conf import settings

ATTACKS = {
    "guessing the password of an account": """
        views/test_accounts.py::SignInTests::test_after_five_wrong_tries_the_right_password_has_to_wait
        views/test_accounts.py::SignInTests::test_a_wrong_password_and_an_unknown_email_are_answered_alike
        views/test_accounts.py::ResetPasswordTests::test_strangers_get_the_same_answer_and_no_mail
        views/test_second_step.py::SignInTests::test_after_five_wrong_codes_the_right_one_has_to_wait
    """,
    "guessing the password of a link, from one place or many, or all at once": """
        views/test_gate.py::PasswordTests::test_after_five_wrong_ones_there_is_a_pause_even_for_the_right_one
        views/test_gate.py::PasswordTests::test_many_addresses_together_are_stopped_too
        views/test_gate.py::PasswordTests::test_all_addresses_of_one_ipv6_network_are_one
        models/test_races.py::test_of_passwords_tried_at_once_no_more_are_looked_at_than_one_after_the_other
    """,
    "finding out which links there are or were": """
        views/test_public.py::ClosedTests::test_expired_revoked_and_unknown_look_alike
        views/test_public.py::ClosedTests::test_the_browsers_own_copy_is_not_confirmed
    """,
    "planting a session": """
        attack/test_requests.py::SignInTests::test_signing_in_takes_another_session
    """,
    "sending a form from another site": """
        attack/test_requests.py::OtherSitesTests::test_no_form_is_taken_without_the_token_of_our_page
        attack/test_requests.py::OtherSitesTests::test_a_strangers_page_cannot_use_up_the_guesses_of_its_reader
        attack/test_requests.py::OtherSitesTests::test_reading_changes_nothing
    """,
    "markup in prompts, names of models and files, words of the provider": """
        attack/test_markup.py::StoredTests::test_on_no_page_of_the_team
        attack/test_markup.py::StoredTests::test_on_no_page_of_a_link
        attack/test_markup.py::StoredTests::test_in_no_mail
        attack/test_markup.py::SentTests::test_what_is_sent_comes_back_as_words
    """,
    "a file that is a page": """
        media/test_kinds.py::KindTests::test_anything_else_is_a_file_to_download
        engine/test_save.py::KeepingTests::test_what_is_dangerous_is_kept_for_download_alone
        views/test_media.py::HeaderTests::test_what_could_run_as_a_page_is_handed_over_as_a_file
        forms/test_uploads.py::RefusedTests::test_a_kind_that_is_not_wanted
    """,
    "leading the reader to another site, by an address or the name of the host": """
        attack/test_requests.py::LedAwayTests::test_nobody_is_led_to_another_site
        attack/test_requests.py::LedAwayTests::test_another_name_of_the_host_is_refused
        views/test_errors.py::SignedOutTests::test_the_way_back_leads_nowhere_else
    """,
    "a path out of the folder": """
        attack/test_requests.py::LedAwayTests::test_no_path_leads_out
        media/test_names.py::SafeTests::test_what_is_not_becomes_so
        keeping/test_backup.py::RefusalTests::test_paths_that_lead_out_of_the_storage
    """,
    "an address inside, in the provider's answer": """
        engine/test_addresses.py::AddressTests::test_addresses_that_are_not_public_are_refused
        engine/test_addresses.py::AddressTests::test_a_number_in_another_dress_is_what_it_is
        engine/test_fetch.py::FetchTests::test_a_redirect_leads_nowhere_that_is_not_allowed
        engine/test_fetch.py::FetchTests::test_this_machine_is_refused_for_a_public_provider
        engine/test_fetch.py::NameTests::test_a_name_that_changes_its_mind_is_refused
    """,
    "an address inside, as the target of the webhook": """
        views/test_webhook.py::WebhookTests::test_only_public_addresses_with_https_are_taken
        engine/test_calls.py::CallTests::test_an_inside_address_is_refused_at_each_try
        engine/test_calls.py::CallTests::test_what_did_not_arrive_is_tried_for_a_day_with_growing_waits
    """,
    "forged fields": """
        attack/test_requests.py::ForgedFieldTests::test_nobody_gets_more_than_they_may_have_or_gives_what_they_did_to_others
    """,
    "the numbers of what others keep for themselves": """
        attack/test_strangers.py::StrangerTests::test_by_its_number_in_an_address
        attack/test_strangers.py::StrangerTests::test_by_its_number_in_what_is_sent
        attack/test_roles.py::test_every_address_answers_everybody_as_the_table_says
        views/test_matrix.py::TeamTests::test_every_address_of_a_file
        views/test_privacy.py::LeakTests::test_nobody_else_meets_a_word_or_a_byte_at_any_address
        views/test_privacy.py::LeakTests::test_counts_and_figures_leave_it_out
        attack/test_strangers.py::test_no_page_changes_by_what_others_keep_for_themselves
    """,
    "bombs: pictures, answers, files, bodies of requests": """
        media/test_pictures.py::ThumbnailTests::test_a_bomb_is_refused_before_it_is_unpacked
        modellix/test_reads.py::AccountTests::test_a_packed_bomb_is_left_alone
        modellix/test_submit.py::UnknownTests::test_an_answer_over_16_mib_is_not_read_to_its_end
        engine/test_fetch.py::FetchTests::test_a_bomb_is_unpacked_no_further_than_the_limit
        engine/test_fetch.py::FetchTests::test_a_file_of_unknown_length_is_read_up_to_the_limit
        test_middleware.py::BodyTests::test_strangers_send_forms_and_no_files
    """,
    "a crafted backup": """
        keeping/test_backup.py::RefusalTests::test_what_this_version_does_not_understand
        keeping/test_backup.py::RefusalTests::test_rows_that_were_never_of_a_studio
        keeping/test_backup.py::RefusalTests::test_two_files_of_one_name
    """,
    "false news from the provider": """
        engine/test_trace.py::HookTests::test_forged_repeated_and_belated_calls_change_nothing
        attack/test_fuzz.py::test_no_call_of_the_provider_breaks_its_receiver
    """,
    "asking without end": """
        views/test_limits.py::LimitTests::test_the_third_is_told_when_to_come_again
        views/test_limits.py::LimitTests::test_visitors_count_by_address
    """,
    "reading the log": """
        engine/test_logs.py::test_a_life_of_orders_leaves_no_secret_in_the_log
        engine/test_logs.py::test_a_file_that_cannot_be_had_leaves_no_signature_in_it
    """,
}


@cache
def promises(path):
    """As pytest names them: "test_that" and "ThisTests::test_that"."""
    tree = ast.parse((settings.BASE_DIR / "tests" / path).read_text())
    inside = {f"{each.name}::{test}" for each in tree.body if isinstance(each, ast.ClassDef) for test in named(each)}
    return inside | set(named(tree))


def named(part):
    return [each.name for each in part.body if isinstance(each, ast.FunctionDef)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_refused_where_it_is_said_to_be(attack):
    for place in ATTACKS[attack].split():
        path, _, name = place.partition("::")
        assert name in promises(path), place
