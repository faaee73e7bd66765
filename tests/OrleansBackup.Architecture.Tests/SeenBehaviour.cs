namespace OrleansBackup.Architecture.Tests;

/// <summary>One thing that Microsoft 365 has been seen to do to those who read it whole, and the tests that hold what we do then.</summary>
/// <param name="Row">Its number; tests that are called <c>Row_n_…</c> mean it.</param>
/// <param name="What">What happens, in short.</param>
/// <param name="Tests">As <c>class.method</c>, the most telling first.</param>
/// <param name="WhyNone">Why it has no test; null when it has some.</param>
internal sealed record SeenBehaviour(int Row, string What, string[] Tests, string? WhyNone = null);

/// <summary>The table of them all. It is what a connector to this service has to bear, so a row that nothing tests is a gap that must be seen.</summary>
internal static class SeenBehaviours
{
    public static IReadOnlyList<SeenBehaviour> All { get; } =
    [
        new(1, "a delta repeats the same page for ever", ["MessageRoundTests.Row_1_a_delta_that_walks_in_circles_is_begun_anew_and_then_replaced_by_a_list", "ReadingTests.Row_1_a_looping_delta_is_left_and_nothing_is_missing",
            "DriveRoundTests.A_round_that_walks_in_circles_is_begun_anew", "DriveRoundTests.A_round_that_only_ever_walks_in_circles_ends_by_walking_the_folders"]),
        new(2, "change tracking of calendars walks in circles", ["ItemRunTests.Row_2_change_tracking_that_walks_in_circles_is_left_for_a_plain_list"]),
        new(3, "an item twice in a round, in odd order, old states replayed", ["MessageRoundTests.Row_3_the_last_occurrence_within_a_page_wins", "DriveRoundTests.Old_states_told_again_do_not_win_over_new_ones",
            "DriveFaultTests.Replays_doubled_items_dead_tokens_and_drives_that_cannot_tell_their_changes_all_end_with_the_truth", "SiteRunTests.Rounds_with_bad_habits_give_the_truth", "TeamRunTests.Rounds_with_bad_habits_give_the_truth"]),
        new(4, "the parent of an item arrives later than the item, or never", ["FolderTreeTests.Parents_come_before_children_and_paths_are_lists_of_names", "DriveFaultTests.Replays_doubled_items_dead_tokens_and_drives_that_cannot_tell_their_changes_all_end_with_the_truth",
            "DriveFaultTests.Renames_and_moves_of_whole_trees_download_nothing"]),
        new(5, "an empty page with a next link, an empty round with a new link", ["MessageRoundTests.Row_5_an_empty_page_with_a_next_link_is_followed", "FolderRoundTests.Row_5_a_round_without_changes_costs_one_request"]),
        new(6, "a dead token", ["MessageRoundTests.Row_6_a_dead_token_of_any_kind_starts_a_full_round_that_says_so", "MessageRoundTests.Row_6_a_token_that_keeps_dying_ends_in_a_plain_list", "MessageRoundTests.Row_6_the_address_that_comes_with_a_dead_token_is_used", "FolderRoundTests.Row_6_and_7_a_dead_token_reads_the_whole_tree",
            "SiteRunTests.Row_6_a_token_that_dies_in_the_middle_of_a_round_begins_it_again_and_what_went_meanwhile_is_gone", "DriveFaultTests.When_the_token_dies_what_left_meanwhile_goes_and_nothing_is_downloaded_twice"]),
        new(7, "the address that comes with a dead token fails itself", ["MessageRoundTests.Row_7_an_address_that_fails_itself_is_replaced_by_a_plain_start", "FolderRoundTests.Row_6_and_7_a_dead_token_reads_the_whole_tree",
            "DriveRoundTests.A_dead_token_starts_anew_also_where_the_given_address_is_broken", "SiteRunTests.A_dead_token_is_a_full_round_whose_differences_are_the_deletions_even_when_its_address_fails"]),
        new(8, "changes during a round are missed, or told blank", ["DriveFaultTests.Row_8_items_that_are_told_blank_are_asked_for_one_by_one", "DriveFaultTests.Row_8_what_a_round_did_not_tell_is_found_by_the_comparison_with_a_listing",
            "MailRunTests.A_change_that_change_tracking_never_told_of_is_found_by_the_independent_listing_and_healed", "SiteRunTests.What_a_token_never_told_is_found_by_the_comparison_and_said"]),
        new(9, "one broken message takes its list page with it", ["MessageRoundTests.Row_9_a_page_that_fails_is_asked_for_in_halves", "MessageRoundTests.Row_9_a_message_whose_content_breaks_every_page_is_found_by_listing_ids_and_reported",
            "MessageRoundTests.Row_9_a_message_that_breaks_every_list_is_stepped_over_and_reported", "ReadingTests.Row_9_a_broken_message_costs_only_itself", "ItemRunTests.Rows_9_and_10_an_event_that_cannot_be_read_is_owed_and_costs_only_itself"]),
        new(10, "a listed message cannot be read", ["MessageFetchTests.Row_10_a_message_that_gives_no_MIME_is_kept_by_its_properties_and_attachments", "MessageFetchTests.Row_10_properties_that_cannot_be_read_are_made_up_for_by_MIME",
            "MessageFetchTests.Row_10_only_a_message_that_is_readable_in_no_form_is_given_up", "MailboxWriterTests.Row_10_addresses_that_the_service_refuses_are_given_up_and_named_as_a_loss",
            "ItemRunTests.Rows_9_and_10_an_event_that_cannot_be_read_is_owed_and_costs_only_itself"]),
        new(11, "an attachment never opens", ["MessageFetchTests.Row_11_one_attachment_that_does_not_open_loses_no_other", "ReadingTests.Row_11_a_broken_attachment_costs_only_itself", "ItemRunTests.Row_11_an_attachment_that_never_opens_costs_only_itself_and_is_owed"]),
        new(12, "a list of attachments is too large", ["MessageFetchTests.Row_12_an_attachment_list_that_cannot_be_had_leaves_the_message_with_its_MIME", "MessageFetchTests.Row_12_attachments_of_one_message_are_read_one_after_the_other"]),
        new(13, "MIME comes by one path only", ["MessageFetchTests.Row_13_MIME_is_read_from_the_one_path_that_gives_it"]),
        new(14, "an account without a mailbox says so in many ways", ["FolderRoundTests.Row_14_and_15_no_mailbox_and_a_mailbox_that_hides_are_told_apart", "BatchSenderTests.Row_14_a_probe_says_what_it_knows_and_no_more"]),
        new(15, "a healthy mailbox is not found for hours", ["FolderRoundTests.Row_14_and_15_no_mailbox_and_a_mailbox_that_hides_are_told_apart", "ResourceCensusTests.One_missing_answer_is_not_a_deletion_three_days_of_them_are"]),
        new(16, "ids change with a move", ["MessageRoundTests.Row_16_every_request_of_a_mailbox_asks_for_immutable_ids"]),
        new(17, "an item is deleted between listing and reading", ["MessageFetchTests.Row_17_a_message_deleted_after_it_was_listed_is_gone_and_no_error_of_reading"]),
        new(18, "a folder is deleted and made again, has a sibling's name, or none", ["FolderRoundTests.Row_18_the_last_word_on_a_folder_within_a_round_counts", "MessageRoundTests.Row_18_a_folder_that_vanished_is_said_to_be_gone", "FolderTreeTests.Siblings_of_one_name_are_two_folders"]),
        new(19, "a full mailbox refuses delta and writes", ["MessageRoundTests.Row_19_a_full_mailbox_that_refuses_delta_is_read_by_the_plain_list", "MailboxWriterTests.A_full_mailbox_is_said_to_be_full"]),
        new(20, "a download address expires in the middle", ["DownloadTests.An_address_that_has_expired_is_asked_for_anew_in_the_middle_too"]),
        new(21, "a range is ignored or refused", ["DownloadTests.A_whole_file_instead_of_a_range_is_read_up_to_where_we_were", "DownloadTests.A_transfer_that_is_cut_again_and_again_goes_on_where_it_was"]),
        new(22, "a file is held for malware", ["DownloadTests.What_the_service_does_not_hand_out_is_of_the_one_file", "DriveFaultTests.Malware_is_recorded_without_its_bytes_and_is_no_debt"]),
        new(23, "a notebook's files are never served", ["DownloadTests.A_notebooks_file_that_is_never_served_costs_few_requests", "DriveFaultTests.A_notebooks_file_that_is_never_served_rests_after_three_runs"]),
        new(24, "size or hash of a file is told wrong", ["DriveFaultTests.Bytes_are_kept_whatever_is_told_of_them_and_a_difference_is_told"]),
        new(25, "a library changes what is uploaded", ["DriveRestoreTests.A_library_that_changes_what_it_is_sent_is_told_and_is_no_failure"]),
        new(26, "an empty file cannot go through a session", ["DriveWriterTests.A_file_of_any_size_arrives_with_its_dates", "DriveFaultTests.Sizes_at_every_boundary_of_the_vault_come_through"]),
        new(27, "a wrong piece fails at the end and leaves an empty file", ["DriveTests.A_piece_of_the_wrong_size_is_refused_after_the_last_byte_and_leaves_an_empty_file", "DriveWriterTests.A_file_of_any_size_arrives_with_its_dates",
            "DriveWriterTests.An_upload_that_is_interrupted_in_the_middle_arrives_all_the_same"]),
        new(28, "a site is locked, archived or gone", ["SiteRunTests.A_locked_or_archived_site_fails_alone_and_says_why",
            "SiteRestoreTests.Row_28_a_site_that_is_gone_or_locked_in_the_middle_of_a_restore_ends_the_job_with_the_reason_and_what_was_done_stands", "SiteRestoreTests.Row_28_a_site_that_is_gone_when_its_pages_are_written_ends_the_job",
            "TeamRestoreTests.A_team_that_is_gone_in_the_middle_of_a_restore_ends_the_job_with_the_reason"]),
        new(29, "no OneDrive, no SharePoint licence", ["DriveRoundTests.A_user_without_a_drive_a_locked_one_and_a_missing_permission_are_told_apart", "DirectoryTests.A_tenant_without_SharePoint_says_so_and_is_no_closed_tenant"]),
        new(30, "a good call is refused as invalid now and then", ["DriveRoundTests.A_good_call_refused_as_invalid_is_made_again"]),
        new(31, "the delta of one drive always times out", ["DriveRoundTests.Pages_that_time_out_are_asked_for_in_smaller_ones_and_at_last_the_folders_are_walked", "DriveRoundTests.After_a_walk_the_next_round_goes_on_from_a_token_taken_before_it"]),
        new(32, "refusals without a time, storms, empty errors", ["RequestRunnerTests.Row_32_a_refusal_without_a_time_is_answered_by_growing_waits", "RequestRunnerTests.Row_32_the_larger_of_both_waits_counts", "RequestRunnerTests.Row_32_an_empty_error_is_passing"]),
        new(33, "a part of a good batch is refused", ["BatchSenderTests.Row_33_a_part_that_was_refused_is_sent_again_alone_after_its_wait", "MailboxLimiterTests.Row_33_refusals_narrow_down_to_one_and_good_answers_widen_again"]),
        new(34, "a good status with a bad body", ["RequestRunnerTests.Row_34_a_good_status_with_a_bad_body_is_repeated", "TolerantJsonTests.Row_34_what_is_cut_short_stays_an_error"]),
        new(35, "control characters and lone surrogates in JSON", ["TolerantJsonTests.Row_35_raw_control_characters_become_escapes_and_nothing_else_changes", "TolerantJsonTests.Row_35_lone_surrogates_are_read_as_replacement_characters",
            "TolerantJsonTests.Row_35_bytes_that_are_no_text_become_escapes", "ItemRunTests.Row_35_raw_control_characters_in_a_calendar_cost_no_event_and_come_back_with_it"]),
        new(36, "connections end, bodies are cut short", ["RequestRunnerTests.Row_36_a_reset_connection_is_repeated_and_at_last_reported_as_passing", "RequestRunnerTests.Row_36_a_body_that_is_cut_short_is_not_taken_for_the_whole",
            "RequestRunnerTests.Row_36_a_payload_that_the_service_could_not_read_is_sent_again"]),
        new(37, "redirects to other hosts", ["RequestRunnerTests.Row_37_a_redirect_is_followed_and_the_token_stays_here", "RequestRunnerTests.Row_37_a_redirect_to_an_unprotected_address_is_refused"]),
        new(38, "a page size that limits the total", ["MessageRoundTests.Row_38_and_39_no_request_limits_the_total_or_filters"]),
        new(39, "a filter that caps the round", ["MessageRoundTests.Row_38_and_39_no_request_limits_the_total_or_filters"]),
        new(40, "the default contact folder is in no list", ["ItemTests.The_default_contact_folder_is_in_no_list_and_known_by_name", "ItemRunTests.Every_day_of_a_life_is_in_its_point_as_it_was"]),
        new(41, "events with null bodies, invalid zones and the year 1", ["ItemRestoreTests.Row_41_null_bodies_unknown_zones_empty_recurrence_zones_and_the_year_1_are_kept_and_come_back"]),
        new(42, "a restored or deleted meeting writes to its attendees", ["ItemRestoreTests.A_random_day_of_a_random_life_comes_back_in_an_empty_mailbox_and_nobody_is_written_to",
            "ItemRestoreTests.Overwriting_replaces_what_is_there_but_never_a_meeting_whose_people_would_be_told", "ItemRestoreTests.Row_42_a_meeting_to_which_people_were_invited_after_the_backup_is_not_deleted_by_a_restore",
            "ItemRestoreTests.Row_42_what_an_interrupted_restore_had_made_is_not_cleared_away_once_people_are_invited_to_it", "ImportRestoreTests.Meetings_series_contacts_and_tasks_come_back_exactly_and_nobody_is_told"]),
        new(43, "a quiet channel refuses delta, which reaches back eight months", ["TeamRunTests.A_first_run_holds_settings_people_tabs_and_all_that_was_said_older_than_changes_reach_too", "TeamRunTests.Changes_that_reach_back_too_far_are_followed_by_a_whole_listing"]),
        new(44, "messages of different channels share ids", ["TeamRunTests.Messages_of_different_channels_share_ids_and_are_kept_apart"]),
        new(45, "names and paths that the target does not take", ["DriveRestoreTests.What_the_target_does_not_take_is_renamed_or_failed_alone"]),
        new(46, "sites, teams and groups without a name", ["DirectoryTests.A_site_without_display_name_goes_by_the_end_of_its_address", "DirectoryTests.Groups_and_teams_are_found_with_or_without_names_and_security_groups_are_told_apart"]),
        new(47, "a permission is withdrawn between two calls", ["SignInTests.Row_47_a_permission_withdrawn_between_calls_closes_the_tenant_and_is_named", "SignInTests.Row_47_a_token_without_any_role_closes_the_tenant"]),
        new(48, "what a person leaves behind goes some time after the person", ["ResourceCensusTests.One_missing_answer_is_not_a_deletion_three_days_of_them_are", "TenantLifeTests.A_mailbox_that_loses_its_licence_fails_for_the_customers_licence_and_keeps_its_points"]),
        new(49, "sharing outside is off, people are unknown", ["DriveWriterTests.External_sharing_that_is_switched_off_is_a_loss_and_no_failure", "DriveWriterTests.Permissions_come_back_as_far_as_they_can_and_nobody_is_written_to"]),
        new(50, "deleted and made again under the same name", ["DriveFaultTests.Row_50_a_file_deleted_and_made_again_under_its_name_is_another_and_one_from_the_recycle_bin_is_the_same"]),
    ];
}
