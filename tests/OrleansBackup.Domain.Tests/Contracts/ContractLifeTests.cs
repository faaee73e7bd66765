using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Schedule;
using Xunit;
using static OrleansBackup.Domain.Tests.Contracts.Given;

namespace OrleansBackup.Domain.Tests.Contracts;

/// <summary>What may happen to a contract, and what it is then.</summary>
public class ContractLifeTests
{
    [Fact]
    public void A_plan_that_needs_another_service_is_not_sold_without_it()
    {
        var refused = Assert.Throws<ContractRefusedException>(() => ContractDecisions.Make(Day("2026-01-01"), Plan("accensys"), [], Prerequisites.Clear(), "Contract 2026-1"));
        Assert.Equal("prerequisites.m365-service", refused.Field);
        ContractDecisions.Make(Day("2026-01-01"), Plan("jp-ict"), [], Prerequisites.Clear(), "Contract 2026-1");
    }

    [Fact]
    public void A_deviation_without_a_written_agreement_is_refused() => Assert.Throws<PlanProblemException>(
        () => Contract("accensys", "2026-01-01", new PlanOverride("retention.keep", "\"P1Y\"", "", "the director", Day("2026-01-01"))));

    [Fact]
    public void Trap_7_A_notice_withdrawn_before_it_takes_effect_leaves_the_contract_as_it_was()
    {
        foreach (var plan in new[] { "accensys", "jp-ict" })
        {
            var before = Contract(plan, "2025-03-15");
            var (preview, rules) = (new ContractPreview(Netherlands), before.RulesOn(Day("2026-02-01"), Netherlands));

            var given = before.WithNotice("2026-02-01", "2026-02-03");
            given = given.With(given.On("2026-02-10").AgreeDeletion(given.End()!.Value.AddDays(60), "Mail 7"));
            given = given.With(new ActProposed(1, ActKind.End, "{}", "Notice", 1, 1, null, null, "", "")).With(new ActConfirmed(1, Day("2026-02-11")));
            Assert.True(ContractDuties.IsEndConfirmed(given));
            Assert.NotNull(given.End());
            var withdrawn = given.With(given.On("2026-03-01").WithdrawNotice("person1@example.nl", "Letter 2"));

            Assert.Null(withdrawn.End());
            Assert.Null(withdrawn.DestructionOn(Netherlands));
            Assert.Equal(rules.TermOn(Day("2026-03-20")), withdrawn.RulesOn(Day("2026-03-20"), Netherlands).TermOn(Day("2026-03-20")));
            Assert.Equal(preview.Play(before, Day("2026-03-01")).Select(Shown), preview.Play(withdrawn, Day("2026-03-01")).Select(Shown));
            Assert.DoesNotContain(ContractDuties.DueOn(withdrawn, Day("2030-01-01"), Netherlands), duty => duty.Kind is DutyKind.Destroy or DutyKind.Ended or DutyKind.EndReminder);
            Assert.Single(withdrawn.Withdrawn);
            Assert.False(ContractDuties.IsEndConfirmed(withdrawn.WithNotice("2026-05-01", "2026-05-04"))); // what two persons confirmed was about the notice before
            Assert.Null(withdrawn.WithNotice("2026-05-01", "2026-05-04").Deletion); // the day that was agreed for the notice before went with it
        }

        static string Shown(PreviewEntry entry) => $"{entry.Day} {entry.Kind} {entry.About}";
    }

    [Fact]
    public void A_notice_that_has_taken_effect_cannot_be_withdrawn()
    {
        var contract = Contract("accensys", "2024-01-01").WithNotice("2026-03-09", "2026-03-10");
        contract.On("2026-04-30").WithdrawNotice("person1@example.nl", "Letter 2");
        Assert.Throws<ContractRefusedException>(() => contract.On("2026-05-01").WithdrawNotice("person1@example.nl", "Letter 2"));
    }

    [Fact]
    public void An_end_that_two_persons_confirmed_is_not_confirmed_for_the_next_notice()
    {
        var contract = Contract("accensys", "2024-01-01").WithNotice("2026-03-09", "2026-03-10")
            .With(new ActProposed(1, ActKind.End, "{}", "Notice", 1, 1, null, null, "", "")).With(new ActConfirmed(1, Day("2026-03-11")));
        Assert.True(ContractDuties.IsEndConfirmed(contract));

        contract = contract.With(contract.On("2026-03-20").WithdrawNotice("person1@example.nl", "Letter 2")).WithNotice("2026-05-01", "2026-05-01");

        Assert.False(ContractDuties.IsEndConfirmed(contract));
        Assert.DoesNotContain(ContractDuties.DueOn(contract, Day("2027-01-01"), Netherlands), duty => duty.Kind == DutyKind.Destroy);
    }

    [Fact]
    public void A_suspension_is_warned_of_and_a_person_decides_it()
    {
        var contract = Contract("jp-ict", "2026-01-01");
        Assert.Throws<ContractRefusedException>(() => contract.On("2026-03-01").Suspend("Not paid"));

        contract = contract.With(contract.On("2026-03-01").WarnOfSuspension("Invoice 12 is not paid"));
        Assert.Throws<ContractRefusedException>(() => contract.On("2026-03-14").Suspend("Not paid"));
        Assert.Contains(ContractDuties.DueOn(contract, Day("2026-03-15"), Netherlands), duty => duty.Kind == DutyKind.SuspensionPossible);
        Assert.Null(contract.OpenSuspension); // the day alone suspends nothing

        var suspended = contract.With(contract.On("2026-03-15").Suspend("Not paid"));
        Assert.Equal(Day("2026-05-13"), suspended.OpenSuspension!.FrozenUntil); // sixty days
        Assert.True(suspended.Timeline(Netherlands).IsSuspended(Day("2026-03-15")));

        var lifted = suspended.With(suspended.On("2026-04-01").LiftSuspension("Paid"));
        Assert.True(lifted.Timeline(Netherlands).IsSuspended(Day("2026-03-31")));
        Assert.False(lifted.Timeline(Netherlands).IsSuspended(Day("2026-04-01")));
    }

    [Fact]
    public void After_the_freeze_nothing_expires_until_a_person_decides()
    {
        var contract = Contract("jp-ict", "2026-01-01");
        contract = contract.With(contract.On("2026-03-01").WarnOfSuspension("Invoice 12 is not paid"));
        contract = contract.With(contract.On("2026-03-15").Suspend("Not paid"));
        Assert.DoesNotContain(ContractDuties.DueOn(contract, Day("2026-05-13"), Netherlands), duty => duty.Kind == DutyKind.FreezeOver);
        Assert.Contains(ContractDuties.DueOn(contract, Day("2026-05-14"), Netherlands), duty => duty.Kind == DutyKind.FreezeOver);
        Assert.False(contract.MayExpire(Day("2026-12-01")));

        Assert.True(contract.With(contract.On("2026-05-20").DecideFreeze(null, "He was told")).MayExpire(Day("2026-05-20")));
        Assert.False(contract.With(contract.On("2026-05-20").DecideFreeze(Day("2026-06-30"), "Longer")).MayExpire(Day("2026-06-01")));
    }

    [Fact]
    public void Conditions_without_suspension_do_not_allow_one() =>
        Assert.Throws<ContractRefusedException>(() => Contract("accensys", "2026-01-01").On("2026-03-01").WarnOfSuspension("Not paid"));

    [Fact]
    public void A_change_is_asked_for_with_a_clock_of_two_working_days()
    {
        var contract = Contract("accensys", "2026-01-01");
        var asked = contract.On("2026-04-24").RequestChange(ChangeKind.Add, "A new employee", Day("2026-04-24"), "person1@example.nl"); // a Friday before King's Day
        contract = contract.With(asked);
        Assert.Equal(Day("2026-04-29"), asked.Deadline);
        Assert.DoesNotContain(ContractDuties.DueOn(contract, Day("2026-04-29"), Netherlands), duty => duty.Kind == DutyKind.ChangeOverdue);
        Assert.Contains(ContractDuties.DueOn(contract, Day("2026-04-30"), Netherlands), duty => duty.Kind == DutyKind.ChangeOverdue);

        contract = contract.With(contract.On("2026-04-30").CloseChange(1, Day("2026-04-30"), "Done"));
        Assert.DoesNotContain(ContractDuties.DueOn(contract, Day("2026-05-30"), Netherlands), duty => duty.Kind == DutyKind.ChangeOverdue);
        Assert.Throws<ContractRefusedException>(() => contract.On("2026-05-01").CloseChange(1, null, "Again"));
        Assert.Null(Contract("jp-ict", "2026-01-01").On("2026-04-24").RequestChange(ChangeKind.Add, "A new employee", Day("2026-04-24"), "person1@example.nl").Deadline);
    }

    [Fact]
    public void The_customer_is_reminded_30_14_7_and_1_days_before_the_destruction_once_each()
    {
        var contract = Contract("jp-ict", "2026-01-01").WithNotice("2026-10-01", "2026-10-01");
        contract = contract.With(contract.On("2026-10-02").AgreeDeletion(Day("2027-02-15"), "Mail 9"));
        var reminded = new List<DateOnly>();
        for (var day = Day("2026-10-01"); day < Day("2027-03-01"); day = day.AddDays(1))
            foreach (var duty in ContractDuties.DueOn(contract, day, Netherlands).Where(duty => duty.Kind == DutyKind.EndReminder))
            {
                reminded.Add(day);
                contract = contract.With(new Told(day, duty.Key));
            }
        Assert.Equal([Day("2027-01-16"), Day("2027-02-01"), Day("2027-02-08"), Day("2027-02-14")], reminded);
    }

    [Fact]
    public void Who_was_away_for_weeks_sends_one_reminder_and_not_four()
    {
        var contract = Contract("jp-ict", "2026-01-01").WithNotice("2026-10-01", "2026-10-01");
        var duty = Assert.Single(ContractDuties.DueOn(contract, Day("2027-01-25"), Netherlands), duty => duty.Kind == DutyKind.EndReminder);
        Assert.EndsWith("/7", duty.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_destroyed_before_two_persons_confirmed_the_end_and_never_before_its_day()
    {
        var contract = Contract("jp-ict", "2026-01-01").WithNotice("2026-10-01", "2026-10-01");
        Assert.Equal(Day("2027-01-30"), contract.DestructionOn(Netherlands));
        Assert.Contains(ContractDuties.DueOn(contract, Day("2027-06-01"), Netherlands), duty => duty.Kind == DutyKind.EndUnconfirmed);
        Assert.DoesNotContain(ContractDuties.DueOn(contract, Day("2027-06-01"), Netherlands), duty => duty.Kind == DutyKind.Destroy);

        contract = contract.With(new ActProposed(1, ActKind.End, "{}", "Notice", 1, 1, null, null, "", "")).With(new ActConfirmed(1, Day("2026-10-05")));
        Assert.DoesNotContain(ContractDuties.DueOn(contract, Day("2027-01-29"), Netherlands), duty => duty.Kind == DutyKind.Destroy);
        Assert.Contains(ContractDuties.DueOn(contract, Day("2027-01-30"), Netherlands), duty => duty.Kind == DutyKind.Destroy);
    }

    [Fact]
    public void Which_conditions_applied_when_is_kept()
    {
        var contract = Contract("accensys", "2026-01-01");
        contract = contract.With(contract.On("2026-05-01").PublishTerms("2", Day("2026-07-01"), "Conditions of July"));
        Assert.Equal(("1", "2"), (contract.TermsOn(Day("2026-06-30")), contract.TermsOn(Day("2026-07-01"))));
        Assert.Contains(ContractDuties.DueOn(contract, Day("2026-05-01"), Netherlands), duty => duty.Kind == DutyKind.NewTerms);
        Assert.Throws<ContractRefusedException>(() => contract.On("2026-05-02").PublishTerms("3", Day("2026-05-01"), "Back-dated"));
    }

    [Fact]
    public void A_journal_that_is_written_and_read_tells_the_same_contract()
    {
        ContractEvent[] events =
        [
            ContractDecisions.Make(Day("2026-01-01"), Plan("accensys"), [new("retention.keep", "\"P1Y\"", "Annex 1", "the director", Day("2026-01-01"))], Prerequisites, "Contract 2026-1"),
            new ProcessingAgreementKept(Day("2026-01-02"), "DPA 1"), new ChangeRequested(1, ChangeKind.Add, "A new employee", Day("2026-02-01"), Day("2026-02-03"), "person1@example.nl"),
            new ChangeClosed(1, Day("2026-02-03"), Day("2026-02-03"), "Done"), new NoticeReceived(Day("2026-03-01"), "person1@example.nl", "Letter 1"), new NoticeProcessed(Day("2026-03-02"), Day("2026-12-31")),
            new Told(Day("2026-03-02"), "key"), new ActProposed(1, ActKind.End, "{}", "Notice", 2, 30, Day("2027-01-30"), Day("2027-01-30"), "hash", "notice"), new DestructionRefused(Day("2027-01-30"), "A legal hold"),
        ];
        var lines = events.Select((one, at) => ContractJournal.Write(new(at + 1, DateTimeOffset.UnixEpoch, "key-1", one))).ToArray();
        var read = Domain.Contracts.Contract.Of(lines.Select(line => ContractJournal.Read(line).Event));

        Assert.Equal(lines, lines.Select(line => ContractJournal.Write(ContractJournal.Read(line))));
        Assert.DoesNotContain(lines, line => line.Contains('\n'));
        Assert.Equal(Day("2026-12-31"), read.End());
        Assert.Equal("P1Y", read.Plans[0].Plan.Retention.Keep.ToString());
        Assert.Equal("P90D", PlanFile.Read(read.Plans[0].Sold).Retention.Keep.ToString());
        Assert.Equal("A legal hold", read.Refused!.Why);
    }

    [Theory] // both changes of the clocks, and a leap day: a day of the contract begins at midnight on the wall
    [InlineData("2026-03-28T22:59:59Z", "2026-03-28"), InlineData("2026-03-28T23:00:00Z", "2026-03-29"), InlineData("2026-03-29T21:59:59Z", "2026-03-29"), InlineData("2026-03-29T22:00:00Z", "2026-03-30")]
    [InlineData("2026-10-24T21:59:59Z", "2026-10-24"), InlineData("2026-10-24T22:00:00Z", "2026-10-25"), InlineData("2026-10-25T22:59:59Z", "2026-10-25"), InlineData("2026-10-25T23:00:00Z", "2026-10-26")]
    [InlineData("2028-02-28T23:00:00Z", "2028-02-29"), InlineData("2028-02-29T23:00:00Z", "2028-03-01")]
    public void A_notice_belongs_to_the_Dutch_day_on_which_it_came_in(string instant, string day)
    {
        var today = ContractCalendar.Amsterdam.DayOf(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Day(day), today);
        Assert.Equal(today, new ContractDecisions(Contract("accensys", "2025-01-01"), Netherlands, today).ReceiveNotice(today, "person1@example.nl", "Letter").On);
    }
}
