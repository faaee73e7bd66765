using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Tests.Checks;

/// <summary>What a check shows stays until somebody has acknowledged it.</summary>
public sealed class DailyCheckRulesTests
{
    private static readonly TenantId Tenant = new(new Guid("00000000-0000-4000-8000-000000000001"));
    private static readonly DateOnly Monday = new(2026, 3, 16), Tuesday = new(2026, 3, 17);

    [Fact]
    public void What_nobody_acknowledged_stands_in_the_next_check_with_the_day_on_which_it_was_first_seen()
    {
        var monday = Groups(Monday, Finding(1, FaultKind.NoMailbox, 1), Finding(2, FaultKind.MicrosoftFails, 0));
        var done = monday.Select(group => group.Kind == FaultKind.NoMailbox ? group with { Acknowledged = new("operator", default, "") } : group);
        var tuesday = DailyCheckRules.Carry(done);

        var carried = Assert.Single(tuesday);
        Assert.Equal((FaultKind.MicrosoftFails, Monday, true), (carried.Kind, carried.FirstSeen, carried.IsCarried));
    }

    [Fact]
    public void What_is_found_again_is_one_thing_with_all_its_days()
    {
        var tuesday = DailyCheckRules.With(DailyCheckRules.Carry(Groups(Monday, Finding(1, FaultKind.NoMailbox, 1))), Groups(Tuesday, Finding(1, FaultKind.NoMailbox, 2), Finding(2, FaultKind.NoMailbox, 1)));

        var group = Assert.Single(tuesday);
        Assert.Equal((2, Monday, false), (group.Count, group.FirstSeen, group.IsCarried));
        Assert.Equal(2, group.Named.Single(finding => finding.Resource == Resource(1)).Missed.Length);
    }

    [Fact]
    public void The_worst_stands_first_and_no_more_are_named_than_fit()
    {
        var groups = Groups(Monday, [.. Enumerable.Range(0, 300).Select(number => Finding(number, FaultKind.MicrosoftFails, 0)), Finding(400, FaultKind.KeyUnusable, 1)]);

        Assert.Equal([FaultKind.KeyUnusable, FaultKind.MicrosoftFails], groups.Select(group => group.Kind));
        Assert.Equal((300, CheckGroup.MostNamed), (groups[1].Count, groups[1].Named.Length));
    }

    [Fact]
    public void A_working_day_without_a_check_is_an_alert_and_a_free_day_is_none()
    {
        var missed = DailyCheckRules.NotMade(new DateOnly(2026, 4, 2), new DateOnly(2026, 4, 8), WorkingCalendar.Netherlands.IsWorkingDay);

        Assert.Equal([new(2026, 4, 3), new(2026, 4, 7)], missed.Select(one => one.Day)); // not Easter and not Easter Monday
        Assert.Empty(DailyCheckRules.NotMade(new DateOnly(2026, 4, 3), new DateOnly(2026, 4, 7), WorkingCalendar.Netherlands.IsWorkingDay));
        Assert.Empty(DailyCheckRules.NotMade(null, Tuesday, WorkingCalendar.Netherlands.IsWorkingDay));
    }

    [Fact]
    public void A_critical_fault_is_one_notice_per_kind_and_only_while_nothing_good_came_since()
    {
        var faults = CriticalFault.Of([Finding(1, FaultKind.ConsentMissing, 1), Finding(2, FaultKind.ConsentMissing, 3), Finding(3, FaultKind.MicrosoftFails, 1), Finding(4, FaultKind.KeyUnusable, 0)]);

        var fault = Assert.Single(faults);
        Assert.Equal(2, fault.Resources.Length);
        Assert.Equal("fault/ConsentMissing", fault.Key);
        var lost = CriticalFault.OfCapabilities(Monday, [.. Enumerable.Range(0, 12).Select(number => $"permission:P{number}")]);
        Assert.Equal("capability/2026-03-16", lost.Key);
        Assert.EndsWith("machtiging P9 en nog 2", lost.What.Nl, StringComparison.Ordinal);
    }

    [Fact]
    public void A_permission_a_part_or_a_kind_that_is_gone_is_a_capability_lost()
    {
        var before = Capabilities.Of(["Mail.Read", "Sites.Read.All"], [ResourceKind.Mailbox, ResourceKind.Site], []);
        var now = Capabilities.Of(["Mail.Read"], [ResourceKind.Mailbox], ["calendar"]);

        Assert.Equal("kind:site part:calendar permission:Sites.Read.All", string.Join(' ', Capabilities.Lost(before, now)));
        Assert.Empty(Capabilities.Lost(null, now));
        Assert.Equal("alle sites", Capabilities.NameOf("kind:site").Nl);
        Assert.Equal("calendars", Capabilities.NameOf("part:calendar").En);
    }

    private static ImmutableArray<CheckGroup> Groups(DateOnly day, params CheckFinding[] findings) => DailyCheckRules.Group(Tenant, "Customer", day, findings);

    private static CheckFinding Finding(int number, FaultKind kind, int inARow) => new(
        Resource(number), $"Person {number}", "", kind, SeverityRules.Default.Of(kind, inARow), [new(DateTimeOffset.UnixEpoch.AddDays(inARow), kind, null, null)], null, inARow, false, null);

    private static ResourceId Resource(int number) => new(Tenant, ResourceKind.Mailbox, new Guid(number, 0, 0, new byte[8]).ToString());
}
