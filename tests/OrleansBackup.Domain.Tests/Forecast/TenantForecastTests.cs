using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Tests.Forecast;

/// <summary>When the first backups of a tenant end follows from what has been done, what waits, the places and what Microsoft 365 grants. How well is measured where the budget is.</summary>
public sealed class TenantForecastTests
{
    [Fact]
    public void When_all_is_done_nothing_is_left()
    {
        var outlook = TenantForecast.Foretell(new TenantWork([Done(ResourceKind.Mailbox, 100, requests: 10)], 4, 1, []));
        Assert.Equal((TimeSpan.Zero, Bottleneck.None, 0), (outlook.Left, outlook.Bottleneck, outlook.BackupsLeft));
    }

    [Fact]
    public void Before_anything_is_done_nothing_is_said()
    {
        var outlook = TenantForecast.Foretell(new TenantWork([Waiting(ResourceKind.Mailbox), UnderWay(ResourceKind.Mailbox, 5, left: null)], 4, 1, []));
        Assert.Null(outlook.Left);
        Assert.Equal(2, outlook.BackupsLeft);
    }

    [Fact]
    public void What_waits_goes_through_the_places_as_fast_as_what_was_done()
    {
        var outlook = TenantForecast.Foretell(new TenantWork([.. Many(10, Done(ResourceKind.Mailbox, 100, requests: 10)), .. Many(80, Waiting(ResourceKind.Mailbox))], 4, 1, []));
        Assert.Equal(80 / 4 * 100, outlook.Left!.Value.TotalSeconds, 3);
        Assert.Equal(Bottleneck.Places, outlook.Bottleneck);
        Assert.Equal((80, 0, 10), outlook.Kinds.Select(kind => (kind.Waiting, kind.UnderWay, kind.Done)).Single());
    }

    [Fact]
    public void Places_kept_for_mailboxes_are_given_to_no_drive()
    {
        FirstBackup[] work = [.. Many(5, Done(ResourceKind.OneDrive, 100, requests: 0)), .. Many(5, Done(ResourceKind.Mailbox, 100, requests: 0)), .. Many(20, Waiting(ResourceKind.OneDrive))];
        Assert.Equal(2_000, TenantForecast.Foretell(new TenantWork(work, 3, 2, [])).Left!.Value.TotalSeconds, 3);
        Assert.Equal(700, TenantForecast.Foretell(new TenantWork(work, 3, 0, [])).Left!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void What_was_told_of_the_waiting_counts_and_not_what_the_done_ones_had()
    {
        FirstBackup[] done = [.. Enumerable.Range(1, 10).Select(i => Done(ResourceKind.Mailbox, 10 * i, requests: 0, items: 1_000 * i) with { Told = new ToldSize(1_000 * i, null) })];
        var outlook = TenantForecast.Foretell(new TenantWork([.. done, .. Many(10, Waiting(ResourceKind.Mailbox) with { Told = new ToldSize(50_000, null) })], 5, 0, []));
        Assert.Equal(10 / 5 * 500, outlook.Left!.Value.TotalSeconds, 0.01 * 1_000);
    }

    [Fact]
    public void Microsoft_365_tells_of_too_many_bytes_and_those_done_correct_it()
    {
        var half = Done(ResourceKind.OneDrive, 100, requests: 0, bytes: 500_000_000) with { Told = new ToldSize(null, 1_000_000_000) };
        var underWay = UnderWay(ResourceKind.OneDrive, 50, left: 150) with { Told = new ToldSize(null, 1_000_000_000), Bytes = 250_000_000 };
        Assert.Equal(50, TenantForecast.Foretell(new TenantWork([.. Many(5, half), underWay], 2, 0, [])).Left!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Where_a_service_grants_less_than_the_places_ask_its_rate_decides_and_is_named()
    {
        // 10 requests a second each, 40 in four places; granted are 10.
        FirstBackup[] work = [.. Many(5, Done(ResourceKind.OneDrive, 100, requests: 1_000)), .. Many(40, Waiting(ResourceKind.OneDrive))];
        var outlook = TenantForecast.Foretell(new TenantWork(work, 4, 0, [new PermitFlow(LimitedService.Files, 10, 0), new PermitFlow(LimitedService.Exchange, 1_000, 1_000)]));
        Assert.Equal(40 * 1_000 / 10, outlook.Left!.Value.TotalSeconds, 1.0);
        Assert.Equal((Bottleneck.GraphBudget, LimitedService.Files), (outlook.Bottleneck, outlook.Service));
    }

    [Fact]
    public void What_lies_ready_is_used_before_the_rate_decides()
    {
        FirstBackup[] work = [.. Many(5, Done(ResourceKind.OneDrive, 100, requests: 1_000)), .. Many(40, Waiting(ResourceKind.OneDrive))];
        var outlook = TenantForecast.Foretell(new TenantWork(work, 4, 0, [new PermitFlow(LimitedService.Files, 10, 15_000)]));
        Assert.Equal((40_000 - 15_000) / 10, outlook.Left!.Value.TotalSeconds, 2.0);
    }

    [Fact]
    public void Time_that_done_runs_waited_for_the_budget_is_not_counted_twice()
    {
        // Each took 400 s, of which 300 were waiting: alone it takes 100.
        var slowed = Done(ResourceKind.OneDrive, 400, requests: 1_000) with { Waited = TimeSpan.FromSeconds(300) };
        var outlook = TenantForecast.Foretell(new TenantWork([.. Many(5, slowed), .. Many(40, Waiting(ResourceKind.OneDrive))], 4, 0, [new PermitFlow(LimitedService.Files, 10, 0)]));
        Assert.Equal(40 * 1_000 / 10, outlook.Left!.Value.TotalSeconds, 1.0);
    }

    [Fact]
    public void A_large_one_among_small_ones_is_named_as_what_the_end_depends_on()
    {
        FirstBackup[] done = [.. Enumerable.Range(1, 10).Select(i => Done(ResourceKind.Mailbox, 10 * i, requests: 0, items: 1_000 * i) with { Told = new ToldSize(1_000 * i, null) })];
        var outlook = TenantForecast.Foretell(new TenantWork([.. done, Waiting(ResourceKind.Mailbox) with { Told = new ToldSize(1_000_000, null) }, .. Many(20, Waiting(ResourceKind.Mailbox) with { Told = new ToldSize(1_000, null) })], 4, 0, []));
        Assert.Equal(Bottleneck.OneResource, outlook.Bottleneck);
        Assert.Equal(10_000, outlook.Left!.Value.TotalSeconds, 200.0);
    }

    [Fact]
    public void Where_the_time_goes_to_bytes_that_is_said()
    {
        FirstBackup[] done = [.. Enumerable.Range(1, 10).Select(i => Done(ResourceKind.OneDrive, 20 * i, requests: 0, items: 10 + (i % 3), bytes: 100_000_000L * i))];
        Assert.Equal(Bottleneck.BytesPerSecond, TenantForecast.Foretell(new TenantWork([.. done, .. Many(50, Waiting(ResourceKind.OneDrive))], 4, 0, [])).Bottleneck);
    }

    [Fact]
    public void One_under_way_without_an_end_in_sight_is_like_those_that_took_longer()
    {
        FirstBackup[] work = [.. Many(9, Done(ResourceKind.Team, 10, requests: 0)), Done(ResourceKind.Team, 1_000, requests: 0), UnderWay(ResourceKind.Team, 100, left: null)];
        var left = TenantForecast.Foretell(new TenantWork(work, 4, 0, [])).LeftAtMost!.Value.TotalSeconds;
        Assert.Equal(900, left, 1.0);
    }

    [Fact]
    public void An_equal_question_has_an_equal_answer_and_the_range_holds_the_answer()
    {
        var random = new Random(7);
        FirstBackup[] work = [.. Enumerable.Range(0, 30).Select(_ => Done(ResourceKind.Mailbox, 10 + (500 * random.NextDouble()), requests: 5)), .. Many(100, Waiting(ResourceKind.Mailbox))];
        var (one, other) = (TenantForecast.Foretell(new TenantWork(work, 4, 1, [])), TenantForecast.Foretell(new TenantWork(work, 4, 1, [])));
        Assert.Equal((one.Left, one.LeftAtLeast, one.LeftAtMost), (other.Left, other.LeftAtLeast, other.LeftAtMost));
        Assert.True(one.LeftAtLeast < one.Left && one.Left < one.LeftAtMost);
    }

    private static FirstBackup Waiting(ResourceKind kind) => new(kind, FirstBackupStage.Waiting, default);

    private static FirstBackup UnderWay(ResourceKind kind, double worked, double? left) => new(kind, FirstBackupStage.UnderWay, default)
    {
        Worked = TimeSpan.FromSeconds(worked), Left = left is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    private static FirstBackup Done(ResourceKind kind, double worked, long requests, long items = 100, long bytes = 0) => new(kind, FirstBackupStage.Done, default)
    {
        Worked = TimeSpan.FromSeconds(worked), Requests = requests, Items = items, Bytes = bytes,
    };

    private static IEnumerable<FirstBackup> Many(int count, FirstBackup backup) => Enumerable.Repeat(backup, count);
}
